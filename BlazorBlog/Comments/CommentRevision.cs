using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

/// <summary>What a comment said before an edit; for moderators.</summary>
public sealed class CommentRevision
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid CommentId { get; init; }

    /// <summary>Markdown as typed.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset ReplacedAt { get; init; }
}

internal sealed class CommentRevisionMapping : IEntityTypeConfiguration<CommentRevision>
{
    public void Configure(EntityTypeBuilder<CommentRevision> revision)
    {
        revision.Property(r => r.Id).ValueGeneratedNever();
        revision.HasOne<Comment>().WithMany().HasForeignKey(r => r.CommentId).OnDelete(DeleteBehavior.Cascade);
    }
}
