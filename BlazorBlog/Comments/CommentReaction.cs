using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

/// <summary>One reaction of one person to one comment: each kind at most once.</summary>
public sealed class CommentReaction
{
    public const int MaxPersonLength = 64;

    public required Guid CommentId { get; init; }

    /// <summary>A <see cref="Notifications.Recipients.RecipientKey"/> of a user or guest.</summary>
    public required string Person { get; init; }

    public required Reaction Kind { get; init; }
}

internal sealed class CommentReactionMapping : IEntityTypeConfiguration<CommentReaction>
{
    public void Configure(EntityTypeBuilder<CommentReaction> reaction)
    {
        reaction.HasKey(r => new { r.CommentId, r.Person, r.Kind });
        reaction.Property(r => r.Person).HasMaxLength(CommentReaction.MaxPersonLength);
        reaction.HasIndex(r => r.Person);
        reaction.HasOne<Comment>().WithMany().HasForeignKey(r => r.CommentId).OnDelete(DeleteBehavior.Cascade);
    }
}
