using BlazorBlog.Comments;
using BlazorBlog.Posts;

namespace BlazorBlog.Support;

/// <summary>Comments for tests that save them by themselves.</summary>
public static class CommentBuilder
{
    /// <summary>An approved comment by a guest, both unsaved.</summary>
    public static Comment Comment(Post post, string body = "Hello.", Action<Guest>? guest = null, Comment? parent = null, bool notifyReplies = false)
    {
        var writer = new Guest { Name = "Mina", CreatedAt = post.CreatedAt };
        guest?.Invoke(writer);
        var comment = new Comment
        {
            PostId = post.Id,
            ParentId = parent?.Id,
            Guest = writer,
            GuestId = writer.Id,
            AuthorName = writer.Name,
            Body = body,
            Html = $"<p>{body}</p>",
            NotifyReplies = notifyReplies,
            CreatedAt = post.CreatedAt,
        };
        comment.Approve(1);
        return comment;
    }
}
