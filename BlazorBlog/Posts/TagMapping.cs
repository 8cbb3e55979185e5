using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Posts;

internal sealed class TagMapping : IEntityTypeConfiguration<Tag>
{
    public void Configure(EntityTypeBuilder<Tag> tag)
    {
        tag.Property(t => t.Id).ValueGeneratedNever();
        tag.Property(t => t.Slug).HasMaxLength(Tag.MaxLength);
        tag.Property(t => t.Name).HasMaxLength(Tag.MaxLength);
        tag.HasIndex(t => t.Slug).IsUnique();
    }
}
