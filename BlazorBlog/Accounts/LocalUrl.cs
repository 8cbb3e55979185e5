using System.Diagnostics.CodeAnalysis;

namespace BlazorBlog.Accounts;

/// <summary>Return addresses. One from a crafted link must not redirect to another site.</summary>
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
