using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

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
