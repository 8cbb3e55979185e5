using BlazorBlog.Posts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>
/// A person who has a thread open and visible in some window. A lease: the node that holds the window renews it, and after a crash it runs
/// out by itself.
/// </summary>
public sealed class ThreadReader
{
    public const int MaxKeyLength = 64;

    public required Guid PostId { get; init; }

    /// <summary>The person, as the ledger names them.</summary>
    public required string RecipientKey { get; init; }

    /// <summary>The window: a person may have several.</summary>
    public required Guid WindowId { get; init; }

    public required DateTimeOffset Until { get; set; }
}

internal sealed class ThreadReaderMapping : IEntityTypeConfiguration<ThreadReader>
{
    public void Configure(EntityTypeBuilder<ThreadReader> reader)
    {
        reader.HasKey(r => new { r.PostId, r.RecipientKey, r.WindowId });
        reader.Property(r => r.RecipientKey).HasMaxLength(ThreadReader.MaxKeyLength);
        reader.HasIndex(r => r.Until);
        reader.HasOne<Post>().WithMany().HasForeignKey(r => r.PostId).OnDelete(DeleteBehavior.Cascade);
    }
}
