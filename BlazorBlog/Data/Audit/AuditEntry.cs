using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Data.Audit;

/// <summary>Who was changed how and when, written in the transaction of the change. Says which columns changed, never their content.</summary>
public sealed class AuditEntry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required DateTimeOffset At { get; init; }

    /// <summary>E.g. <c>Post</c>.</summary>
    public required string Entity { get; init; }

    public required Guid EntityId { get; init; }

    /// <summary><c>Created</c>, <c>Updated</c>, <c>Deleted</c>, <c>Linked</c> or <c>Unlinked</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Names of the changed properties, or the id of the other side of a link.</summary>
    public string? Detail { get; init; }
}

internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.Property(e => e.Entity).HasMaxLength(32);
        entry.Property(e => e.Action).HasMaxLength(16);
        entry.Property(e => e.Detail).HasMaxLength(500);
        entry.HasIndex(e => new { e.EntityId, e.At });
    }
}
