namespace BlazorBlog.Comments;

/// <summary>How forms and scripts call a reaction.</summary>
internal static class ReactionNames
{
    public static string Name(this Reaction reaction) => reaction.ToString().ToLowerInvariant();
}
