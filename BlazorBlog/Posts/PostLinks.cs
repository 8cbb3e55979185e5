namespace BlazorBlog.Posts;

/// <summary>Addresses within the blog, in the spelling that a header can carry: a slug may be Korean.</summary>
public static class PostLinks
{
    public static string Comment(string slug, Guid commentId) => $"/posts/{Uri.EscapeDataString(slug)}#comment-{commentId}";
}
