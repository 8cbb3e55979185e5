namespace BlazorBlog.Comments;

/// <summary>How many people gave each reaction; kept with the comment, so that a thread is read without counting.</summary>
public sealed record ReactionCounts
{
    public int Like { get; private set; }

    public int Love { get; private set; }

    public int Laugh { get; private set; }

    public int Celebrate { get; private set; }

    public int this[Reaction reaction] => reaction switch
    {
        Reaction.Like => Like,
        Reaction.Love => Love,
        Reaction.Laugh => Laugh,
        Reaction.Celebrate => Celebrate,
        _ => throw new ArgumentOutOfRangeException(nameof(reaction), reaction, null),
    };

    /// <param name="reaction">Whose count changes.</param>
    /// <param name="by">1 or -1.</param>
    public ReactionCounts Change(Reaction reaction, int by) => reaction switch
    {
        Reaction.Like => this with { Like = Like + by },
        Reaction.Love => this with { Love = Love + by },
        Reaction.Laugh => this with { Laugh = Laugh + by },
        Reaction.Celebrate => this with { Celebrate = Celebrate + by },
        _ => throw new ArgumentOutOfRangeException(nameof(reaction), reaction, null),
    };
}
