using System.Security.Cryptography;
using System.Text;

namespace BlazorBlog.Comments.Posting;

/// <summary>
/// Recognises a form that is sent again, as <see cref="Comment.IdempotencyKey"/> keeps it: hashed together with the post, so that one key names
/// different comments on different posts, and that the database does not hold what a browser sends.
/// </summary>
internal static class SubmissionKey
{
    /// <param name="postId">The post.</param>
    /// <param name="key">Made by a script for each new text.</param>
    public static string OfScript(Guid postId, Guid key) => Hash("script", postId.ToString(), key.ToString());

    /// <summary>
    /// Without a script and without a cookie, the same page and the same fields are all that tells a double click from two comments. Readers of a
    /// cached page share its time, hence the name and address.
    /// </summary>
    public static string OfPage(Guid postId, string renderedAt, Guid? parentId, string name, string email, string body) =>
        Hash("page", postId.ToString(), renderedAt, parentId?.ToString() ?? "", name, email, body);

    /// <summary>Of one writer's comments, tells those apart that are not the same one sent again.</summary>
    public static string Content(NewComment comment) =>
        Hash("content", comment.PostId.ToString(), comment.ParentId?.ToString() ?? "", comment.IdempotencyKey ?? "", comment.Name, comment.Body);

    /// <returns>As many characters as <see cref="Comment.MaxKeyLength"/> allows.</returns>
    private static string Hash(params IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part.Length}:{part}")))));
}
