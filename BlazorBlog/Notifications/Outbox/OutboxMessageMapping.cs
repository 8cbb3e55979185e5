using BlazorBlog.Comments;
using BlazorBlog.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Outbox;

internal sealed class OutboxMessageMapping : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.Property(m => m.Id).ValueGeneratedNever();
        message.Property(m => m.LastError).HasMaxLength(OutboxMessage.MaxErrorLength);
        message.Property(m => m.TraceParent).HasMaxLength(TraceContext.MaxLength);
        message.Property(m => m.LeaseOwner).IsConcurrencyToken();
        message.Property(m => m.Fence).IsConcurrencyToken();
        message.HasIndex(m => new { m.CommentId, m.Kind }).IsUnique();
        // Seeks the few that wait, among all that are done.
        message.HasIndex(m => new { m.ProcessedAt, m.Id });
        message.HasOne<Comment>().WithMany().HasForeignKey(m => m.CommentId).OnDelete(DeleteBehavior.Restrict);
    }
}
