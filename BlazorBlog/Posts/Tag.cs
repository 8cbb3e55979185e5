using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Posts;

public sealed class Tag
{
    public const int MaxLength = 60;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Slug { get; init; }

    public required string Name { get; set; }

    public List<Post> Posts { get; init; } = [];
}

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
