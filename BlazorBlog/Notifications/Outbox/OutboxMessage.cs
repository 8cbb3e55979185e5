using BlazorBlog.Comments;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Outbox;

public enum OutboxKind
{
    /// <summary>A comment became visible to readers.</summary>
    CommentPublished,

    /// <summary>A comment began to wait for a moderator.</summary>
    CommentHeld,
}

/// <summary>The intent to notify, written in the transaction of its cause. At most one row per comment, kind and event.</summary>
public sealed class OutboxMessage
{
    public const int MaxErrorLength = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required OutboxKind Kind { get; init; }

    public required Guid CommentId { get; init; }

    /// <summary>Tells one hold of a comment from the next: the thread's number at which it began to wait. 0 for what happens once.</summary>
    public long EventNumber { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The request that caused it, see <see cref="Hosting.TraceContext"/>.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Set in the transaction that writes its deliveries.</summary>
    public DateTimeOffset? ProcessedAt { get; private set; }

    /// <summary>The node that works on it until <see cref="LeaseUntil"/>.</summary>
    public Guid? LeaseOwner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Raised by each claim; a node whose lease was taken over finds another number and changes nothing.</summary>
    public int LeaseVersion { get; private set; }

    /// <summary>Why the last fan-out failed.</summary>
    public string? LastError { get; private set; }

    /// <summary>A failed save leaves its object changed; a repeated one starts from another copy.</summary>
    public OutboxMessage Copy() => (OutboxMessage)MemberwiseClone();

    public void Complete(DateTimeOffset now)
    {
        ProcessedAt = now;
        LeaseOwner = null;
        LeaseUntil = null;
        LastError = null;
    }

    public void Postpone(string error, DateTimeOffset until)
    {
        LastError = Delivery.Cut(error, MaxErrorLength);
        LeaseOwner = null;
        LeaseUntil = until;
    }
}

internal sealed class OutboxMessageMapping : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.Property(m => m.Id).ValueGeneratedNever();
        message.Property(m => m.LastError).HasMaxLength(OutboxMessage.MaxErrorLength);
        message.Property(m => m.TraceParent).HasMaxLength(TraceContext.MaxLength);
        message.Property(m => m.LeaseOwner).IsConcurrencyToken();
        message.Property(m => m.LeaseVersion).IsConcurrencyToken();
        message.HasIndex(m => new { m.CommentId, m.Kind, m.EventNumber }).IsUnique();
        // Finds the few pending rows (ProcessedAt is null) by a seek, without reading the finished ones.
        message.HasIndex(m => new { m.ProcessedAt, m.Id });
        message.HasOne<Comment>().WithMany().HasForeignKey(m => m.CommentId).OnDelete(DeleteBehavior.Restrict);
    }
}
