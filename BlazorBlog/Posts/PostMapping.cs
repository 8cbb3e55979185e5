using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Posts;

internal sealed class PostMapping : IEntityTypeConfiguration<Post>
{
    public void Configure(EntityTypeBuilder<Post> post)
    {
        post.Property(p => p.Id).ValueGeneratedNever();
        post.Property(p => p.Slug).HasMaxLength(Post.MaxSlugLength);
        post.Property(p => p.Title).HasMaxLength(Post.MaxTitleLength);
        post.Property(p => p.Summary).HasMaxLength(Post.MaxSummaryLength);
        post.HasIndex(p => p.Slug).IsUnique();
        post.HasIndex(p => p.PublishedAt);
        post.HasOne(p => p.Author).WithMany().HasForeignKey(p => p.AuthorId).OnDelete(DeleteBehavior.Restrict);
        post.HasMany(p => p.Tags).WithMany(t => t.Posts).UsingEntity(
            "PostTag",
            right => right.HasOne(typeof(Tag)).WithMany().HasForeignKey("TagId"),
            left => left.HasOne(typeof(Post)).WithMany().HasForeignKey("PostId"));
    }
}
