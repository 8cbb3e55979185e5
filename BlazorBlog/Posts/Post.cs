using BlazorBlog.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Posts;

public sealed class Post
{
    public const int MaxSlugLength = 120;

    public const int MaxTitleLength = 200;

    public const int MaxSummaryLength = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Slug { get; set; }

    public required string Title { get; set; }

    public required string Summary { get; set; }

    public required string Markdown { get; set; }

    /// <summary>Rendering of <see cref="Markdown"/>.</summary>
    public required string Html { get; set; }

    /// <summary>Language tag (BCP 47); null when nobody said, and then the text's script decides.</summary>
    public string? Language { get; set; }

    public required Guid AuthorId { get; init; }

    public BlogUser? Author { get; init; }

    /// <summary>Null for a draft.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>From then on the thread takes no more comments.</summary>
    public DateTimeOffset? CommentsClosedAt { get; set; }

    /// <summary>Number of visible changes of the thread; raised only inside the transaction of such a change.</summary>
    public long ThreadSequence { get; private set; }

    public List<Tag> Tags { get; init; } = [];

    /// <summary>For a post that is not saved yet; the thread of a saved one is numbered by the database.</summary>
    public long NextSequence() => ++ThreadSequence;
}

internal sealed class PostMapping : IEntityTypeConfiguration<Post>
{
    public void Configure(EntityTypeBuilder<Post> post)
    {
        post.Property(p => p.Id).ValueGeneratedNever();
        post.Property(p => p.Slug).HasMaxLength(Post.MaxSlugLength);
        post.Property(p => p.Title).HasMaxLength(Post.MaxTitleLength);
        post.Property(p => p.Summary).HasMaxLength(Post.MaxSummaryLength);
        post.Property(p => p.Language).HasMaxLength(TextLanguage.MaxLength);
        post.HasIndex(p => p.Slug).IsUnique();
        post.HasIndex(p => p.PublishedAt);
        post.HasOne(p => p.Author).WithMany().HasForeignKey(p => p.AuthorId).OnDelete(DeleteBehavior.Restrict);
        post.HasMany(p => p.Tags).WithMany(t => t.Posts).UsingEntity(
            "PostTag",
            right => right.HasOne(typeof(Tag)).WithMany().HasForeignKey("TagId"),
            left => left.HasOne(typeof(Post)).WithMany().HasForeignKey("PostId"));
    }
}
