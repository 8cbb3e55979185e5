namespace BlazorBlog.Comments.Moderation;

/// <summary>What a moderator can do in a thread, beside reading it.</summary>
/// <param name="OutOfSight">Comments that readers do not see, see <see cref="ThreadModeration.ListAsync"/>.</param>
/// <param name="Act">Called by buttons of a live thread; without a circuit, the same buttons send forms.</param>
/// <param name="Refusal">What the last action came to, when it came to nothing.</param>
public sealed record ModeratorTools(IReadOnlyList<ModeratedComment> OutOfSight, Func<Guid, ModeratorAction, Task> Act, string? Refusal)
{
    /// <summary>The role was taken away meanwhile; the tools are replaced by a message.</summary>
    public bool AreGone { get; init; }
}

/// <summary>As the buttons of a form name them.</summary>
public enum ModeratorAction
{
    Approve,
    Hide,
    Spam,
}
