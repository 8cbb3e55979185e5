using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlazorBlog.Servers;

namespace BlazorBlog.Threads;

/// <summary>The bare page in a process of its own, showing the very comments that a page of the blog shows.</summary>
internal sealed partial class BareThreadProcess : IDisposable
{
    private const string EndOfComment = "</article>";

    private readonly Scratch _scratch;
    private readonly HttpClient _browser = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _comment;

    private BareThreadProcess(Scratch scratch, ChildServer server, string comment)
    {
        _scratch = scratch;
        Server = server;
        _comment = comment;
    }

    public ChildServer Server { get; }

    /// <exception cref="InvalidDataException">The page shows no comments.</exception>
    public static async Task<BareThreadProcess> StartAsync(string blogPage)
    {
        var comments = Comment().Matches(blogPage).Select(match => match.Value).ToArray();
        if (comments.Length == 0)
        {
            throw new InvalidDataException("The blog's page shows no comments.");
        }

        var scratch = new Scratch();
        var file = scratch.File("comments.json");
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(comments));
        return new BareThreadProcess(scratch, await OwnServer.StartThreadAsync(file), comments[^1]);
    }

    /// <summary>Adds a comment like those it shows, with <paramref name="remark"/> at its end.</summary>
    public async Task PostCommentAsync(string remark)
    {
        using var comment = new StringContent(_comment.Replace(EndOfComment, $"<p>{remark}</p>{EndOfComment}", StringComparison.Ordinal), Encoding.UTF8);
        using var answer = await _browser.PostAsync(new Uri(Server.Address, BareThreadServer.CommentsPath), comment);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _browser.Dispose();
        Server.Dispose();
        _scratch.Dispose();
    }

    [GeneratedRegex($"<article\\b[^>]*\\bid=\"comment-.*?{EndOfComment}", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
