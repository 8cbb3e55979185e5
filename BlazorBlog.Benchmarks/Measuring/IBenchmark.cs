namespace BlazorBlog.Measuring;

/// <summary>Measures one of the performance budgets.</summary>
internal interface IBenchmark
{
    /// <summary>Chooses it on the command line.</summary>
    string Name { get; }

    Task RunAsync(Report report);
}
