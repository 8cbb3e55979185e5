using BlazorBlog.Data;

namespace BlazorBlog.Support;

/// <summary>One blog with its seed content for the browser tests of a class.</summary>
public sealed class RunningBlog : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private BlogProcess? _process;

    /// <summary>Its file, which a second node may open beside it.</summary>
    public BlogDatabase Database => new(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(_directory.Path, "blog.db")}");

    public BlogProcess Process => _process ?? throw new InvalidOperationException("The blog was not started.");

    public async ValueTask InitializeAsync()
    {
        await MigratedSqlite.CopyToAsync(_directory.File("blog.db"));
        _process = await BlogProcess.StartAsync(_directory.Path);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }
}
