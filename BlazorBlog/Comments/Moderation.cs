namespace BlazorBlog.Comments;

public enum Moderation
{
    /// <summary>Every comment is visible at once.</summary>
    None,

    /// <summary>The first comment of each writer waits for approval.</summary>
    FirstComment,

    /// <summary>Every comment waits for approval.</summary>
    All,
}
