namespace BlazorBlog.Comments;

/// <summary>What a reader can say of a comment without words.</summary>
public enum Reaction
{
    Like,
    Love,
    Laugh,
    Celebrate,
}

/// <summary>How forms and scripts call a reaction.</summary>
internal static class ReactionNames
{
    public static string Name(this Reaction reaction) => reaction.ToString().ToLowerInvariant();
}
