namespace BlazorBlog.Data.SqlServer;

/// <summary>What a database that is not there answers.</summary>
internal sealed class AnyValues
{
    public Guid Id { get; } = Guid.Parse("018f0000-0000-7000-8000-000000000001");

    /// <summary>Far ahead: nothing that reads it is over.</summary>
    public DateTimeOffset Timestamp { get; } = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public bool HasRows { get; set; } = true;

    /// <summary>Names of the columns that are null.</summary>
    public HashSet<string> Nulls { get; } = [];

    /// <summary>By column, where another number than <see cref="Number"/> matters.</summary>
    public Dictionary<string, int> Numbers { get; } = [];

    /// <summary>Parts of statements that find nothing.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>Also the count of changed rows, which EF expects to be one.</summary>
    public int Number { get; } = 1;

    /// <summary>A time zone, where one is read.</summary>
    public string Text { get; set; } = "UTC";
}
