using BlazorBlog.Posts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Live;

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
