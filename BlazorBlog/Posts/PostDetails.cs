namespace BlazorBlog.Posts;

/// <summary>A post as it stands in a list.</summary>
public sealed record PostSummary(
    Guid Id,
    string Slug,
    string Title,
    string Summary,
    string AuthorName,
    DateTimeOffset PublishedAt,
    int ReadingMinutes,
    IReadOnlyList<TagName> Tags,
    int CommentCount)
{
    /// <inheritdoc cref="Post.Language"/>
    public string? Language { get; init; }
}

/// <summary>One page of a list of posts, newest first.</summary>
/// <param name="Posts">The posts of this page.</param>
/// <param name="Page">From 1.</param>
/// <param name="PageCount">At least 1, also when there is no post.</param>
public sealed record PostList(IReadOnlyList<PostSummary> Posts, int Page, int PageCount);

/// <summary>A published post as a reader sees it.</summary>
public sealed record PostDetails(
    Guid Id,
    string Slug,
    string Title,
    string Summary,
    string Html,
    string AuthorName,
    DateTimeOffset PublishedAt,
    DateTimeOffset? UpdatedAt,
    int ReadingMinutes,
    IReadOnlyList<TagName> Tags,
    bool CommentsClosed,
    long ThreadSequence)
{
    /// <summary>The author's picture, if there is one.</summary>
    public Guid? AuthorPicture { get; init; }

    /// <inheritdoc cref="Post.Language"/>
    public string? Language { get; init; }
}

/// <summary>A tag's address and its spelling.</summary>
public sealed record TagName(string Slug, string Name);
