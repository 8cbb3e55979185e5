using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Data.Audit;

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
