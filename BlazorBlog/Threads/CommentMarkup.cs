namespace BlazorBlog.Threads;

/// <summary>A comment's finished card, as one string shared by all circuits: as elements, each circuit would keep its own copy.</summary>
internal sealed class CommentMarkup(string card, string slug, bool closed)
{
    public string Card { get; } = card;

    /// <summary>Whether it was made for a post of this address, and with an offer to reply or without.</summary>
    public bool IsFor(string postSlug, bool isClosed) => slug == postSlug && closed == isClosed;
}
