namespace BlazorBlog.Comments;

/// <summary>What a reader can say of a comment without words.</summary>
public enum Reaction
{
    Like,
    Love,
    Laugh,
    Celebrate,
}
