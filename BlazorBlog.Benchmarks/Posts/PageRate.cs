using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Posts;

/// <summary>Requests per second for a post's page as anonymous readers get it, against Kestrel writing the same bytes.</summary>
internal sealed class PageRate : IBenchmark
{
    private const int Rounds = 9;

    private const int Comments = 50;

    private const int Connections = 8;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public string Name => "page";

    public async Task RunAsync(Report report)
    {
        using var blog = await BlogProcess.StartAsync(Comments);
        using var scratch = new Scratch();
        var file = scratch.File("page.html");
        await File.WriteAllBytesAsync(file, await blog.ReadPageAsync());
        using var bare = await OwnServer.StartPageAsync(file);
        var comparison = await Comparison.MeasureAsync(
            Rounds,
            ours: () => PageLoad.MeasureAsync(blog.Page, Connections, Duration),
            theirs: () => PageLoad.MeasureAsync(bare.Address, Connections, Duration));
        report.Add($"GET of a post with {Comments} comments | bare Kestrel", "/s", comparison, Budget.AtLeast(0.5));
    }
}
