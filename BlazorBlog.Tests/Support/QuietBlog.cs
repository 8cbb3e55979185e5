namespace BlazorBlog.Support;

/// <summary>A blog in Development that sends nothing, so that its outbox holds what a test put there.</summary>
public sealed class QuietBlog : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private BlogProcess _process = null!;

    public HttpClient Http => _process.Http;

    public string Outbox => Directory.CreateDirectory(_directory.File("outbox")).FullName;

    public async ValueTask InitializeAsync()
    {
        await MigratedSqlite.CopyToAsync(_directory.File("blog.db"));
        _process = await BlogProcess.StartAsync(_directory.Path, new Dictionary<string, string> { ["Email__Transport"] = "None", ["Sms__Transport"] = "None" });
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
