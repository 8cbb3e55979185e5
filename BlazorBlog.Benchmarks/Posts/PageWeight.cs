using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using BlazorBlog.Measuring;
using BlazorBlog.Servers;

namespace BlazorBlog.Posts;

/// <summary>
/// What a first visit to a post loads: the page and every style, script and picture it names, Blazor's script included. The comments
/// repeat one text, which compresses away; fifty different ones of that length would add about 5 KB.
/// </summary>
internal sealed partial class PageWeight : IBenchmark
{
    private const int Comments = 50;

    private const double Limit = 80;

    private const double Kilobyte = 1000;

    public string Name => "weight";

    public async Task RunAsync(Report report)
    {
        const string title = "first load of a post";
        if (PublishedBlog.FindProject() is not { } project)
        {
            report.Skip(title, PublishedBlog.HowToGet);
            return;
        }

        using var scratch = new Scratch();
        var program = scratch.File("published");
        await PublishedBlog.WriteAsync(project, program);
        using var blog = await BlogProcess.StartAsync(Comments, program: program);
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        browser.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");

        var page = await LoadAsync(browser, blog.Page);
        List<Weighed> files = [page];
        foreach (var reference in References(Encoding.UTF8.GetString(page.Content)))
        {
            files.Add(await LoadAsync(browser, new Uri(blog.Server.Address, reference)));
        }

        Add(report, $"{title}, {files.Count} files, br | limit", files.Sum(file => file.InBrotli), Budget.AtMost(1.0));
        // More, where the program leaves compressing to a proxy in front of it.
        Add(report, "of these as the program itself sends them", files.Sum(file => file.Sent));
        Add(report, "of these the page alone, br", page.InBrotli);
    }

    private static void Add(Report report, string name, int bytes, Budget? budget = null)
    {
        var weight = bytes / Kilobyte;
        report.Add(name, "KB", new Comparison(weight, Limit, weight / Limit), budget);
    }

    private static IEnumerable<string> References(string page) => Reference().Matches(page)
        .Where(match => match.Groups["tag"].Value != "link" || LoadedLink().IsMatch(match.Value))
        .Select(match => match.Groups["address"].Value)
        .Distinct();

    private static async Task<Weighed> LoadAsync(HttpClient browser, Uri address)
    {
        using var answer = await browser.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        var sent = await answer.Content.ReadAsByteArrayAsync();
        return answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new Weighed(Read(new BrotliStream(new MemoryStream(sent), CompressionMode.Decompress)), sent.Length, sent.Length),
            "gzip" when Read(new GZipStream(new MemoryStream(sent), CompressionMode.Decompress)) is var content => new Weighed(content, sent.Length, CountInBrotli(content)),
            _ => new Weighed(sent, sent.Length, CountInBrotli(sent)),
        };
    }

    private static byte[] Read(Stream compressed)
    {
        using var content = new MemoryStream();
        using (compressed)
        {
            compressed.CopyTo(content);
        }

        return content.ToArray();
    }

    private static int CountInBrotli(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return (int)compressed.Length;
    }

    [GeneratedRegex("<(?<tag>link|script|img)\\b[^>]*?\\b(?:href|src)=\"(?<address>[^\"]+)\"[^>]*>")]
    private static partial Regex Reference();

    [GeneratedRegex("\\brel=\"[^\"]*\\b(?:stylesheet|icon|preload|modulepreload)\\b")]
    private static partial Regex LoadedLink();

    /// <param name="Content">Not compressed.</param>
    /// <param name="Sent">Bytes of the answer's body.</param>
    /// <param name="InBrotli">Bytes.</param>
    private sealed record Weighed(byte[] Content, int Sent, int InBrotli);
}
