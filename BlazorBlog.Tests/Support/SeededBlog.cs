namespace BlazorBlog.Support;

/// <summary>One blog in Development with its seed content and its mailbox, in this process, for the tests of a class.</summary>
public sealed class SeededBlog : IAsyncLifetime
{
    public TestBlog Blog { get; private set; } = null!;

    public Uri Address => Blog.Address;

    public async ValueTask InitializeAsync() => Blog = await StartAsync();

    public static Task<TestBlog> StartAsync(Action<TestBlogOptions>? configure = null) => AccountBlog.StartAsync(options =>
    {
        options.Environment = "Development";
        options.Settings["Email:Transport"] = "File";
        options.Settings["Sms:Transport"] = "File";
        configure?.Invoke(options);
    });

    public ValueTask DisposeAsync() => Blog.DisposeAsync();
}
