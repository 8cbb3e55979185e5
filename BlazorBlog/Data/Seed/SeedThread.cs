namespace BlazorBlog.Data.Seed;

/// <summary>The thread of a seed post.</summary>
internal sealed record SeedThread(string Slug, IReadOnlyList<SeedComment> Comments);

/// <param name="Id">Short name, for <paramref name="Parent"/>.</param>
/// <param name="Parent">The comment it answers, or null.</param>
/// <param name="Author">A guest's name, or <c>author</c> for the post's.</param>
/// <param name="HoursAgo">Age at the first start.</param>
/// <param name="Body">Markdown.</param>
/// <param name="Removed">Stands as a tombstone.</param>
internal sealed record SeedComment(string Id, string? Parent, string Author, double HoursAgo, string Body, bool Removed);
