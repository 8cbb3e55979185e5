using System.Diagnostics.CodeAnalysis;

namespace BlazorBlog.Accounts;

/// <summary>Where a person goes afterwards. An address that somebody put into a link must not lead out of the blog.</summary>
public static class LocalUrl
{
    private static readonly Uri Anywhere = new("http://blog.invalid");

    /// <summary>Whether it is a path of this blog. Browsers read <c>//</c> and <c>/\</c> as another host, and drop tabs and line breaks.</summary>
    public static bool IsLocal([NotNullWhen(true)] string? url) =>
        url is ['/', ..] and not [_, '/', ..] && !url.Any(c => char.IsControl(c) || c == '\\')
        && Uri.TryCreate(Anywhere, url, out var there) && there.Authority == Anywhere.Authority;

    public static string OrHome(string? url) => IsLocal(url) ? url : "/";

    /// <summary>An address of ours that remembers where to go afterwards.</summary>
    public static string With(string path, string? returnUrl) => IsLocal(returnUrl) && returnUrl != "/" ? $"{path}?returnUrl={Uri.EscapeDataString(returnUrl)}" : path;
}
