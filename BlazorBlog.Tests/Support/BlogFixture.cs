namespace BlazorBlog.Support;

/// <summary>One blog for all tests of a class; each test takes a post of its own.</summary>
public sealed class BlogFixture : IAsyncLifetime
{
    private int _posts;

    public TestBlog Blog { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Blog = await TestBlog.StartAsync();

    /// <summary>The address of a new post.</summary>
    public async Task<string> NewPostAsync() => (await Blog.AddPostAsync($"Post {Interlocked.Increment(ref _posts)}")).Slug;

    public ValueTask DisposeAsync() => Blog.DisposeAsync();
}
