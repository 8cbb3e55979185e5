namespace BlazorBlog.Comments.Moderation;

/// <summary>Why a comment waits for a moderator.</summary>
public enum HoldReason
{
    /// <summary><c>Comments:Moderation</c> is <see cref="ModerationMode.All"/>.</summary>
    EveryComment,

    /// <summary><c>Comments:Moderation</c> is <see cref="ModerationMode.FirstComment"/>, and none of this writer's others was approved yet.</summary>
    FirstComment,

    /// <summary>More links than <c>Comments:MaxLinks</c>.</summary>
    TooManyLinks,

    /// <summary>A word of <c>Comments:BlockedWords</c>.</summary>
    BlockedWord,

    /// <summary>The same words were posted elsewhere within a day.</summary>
    RepeatedText,

    /// <summary>More comments of one writer than <c>Comments:HoldAbovePerMinute</c>.</summary>
    TooFast,

    /// <summary>A moderator took it back for another look.</summary>
    Moderator,
}
