namespace BlazorBlog.Support;

/// <summary>A blog in Development that sends nothing, so that its outbox holds what a test put there.</summary>
public sealed class QuietBlog : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private TestBlog _blog = null!;

    public HttpClient Http { get; private set; } = null!;

    public string Outbox => Directory.CreateDirectory(_directory.File("outbox")).FullName;

    public async ValueTask InitializeAsync()
    {
        _blog = await SeededBlog.StartAsync(options =>
        {
            options.Settings["Email:Transport"] = options.Settings["Sms:Transport"] = "None";
            options.Settings["Email:Directory"] = options.Settings["Sms:Directory"] = Outbox;
        });
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _blog.Address };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _blog.DisposeAsync();
        _directory.Dispose();
    }
}
