using BlazorBlog.Hosting;

namespace BlazorBlog.Posts;

/// <summary>Addresses within the blog, in the spelling that a header can carry: a slug may be Korean.</summary>
public static class PostLinks
{
    public static string Post(string slug) => $"/posts/{Uri.EscapeDataString(slug)}";

    public static string Tag(string slug) => $"/tags/{Uri.EscapeDataString(slug)}";

    public static string Comment(string slug, Guid commentId) => $"{Post(slug)}#comment-{commentId}";

    /// <summary>The one spelling of an address: composed (Unicode, 3.11, form C), as macOS does not send it, and in lower case.</summary>
    public static string CanonicalSlug(string typed) => TypedText.Clean(typed).Normalize().ToLowerInvariant();
}
