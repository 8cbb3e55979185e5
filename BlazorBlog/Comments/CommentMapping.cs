using BlazorBlog.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

internal sealed class CommentMapping : IEntityTypeConfiguration<Comment>
{
    public void Configure(EntityTypeBuilder<Comment> comment)
    {
        comment.Property(c => c.Id).ValueGeneratedNever();
        comment.Property(c => c.AuthorName).HasMaxLength(Comment.MaxNameLength);
        comment.Property(c => c.IdempotencyKey).HasMaxLength(Comment.MaxKeyLength);
        comment.HasIndex(c => c.IdempotencyKey).IsUnique();
        comment.HasIndex(c => new { c.PostId, c.Sequence });
        comment.HasIndex(c => new { c.GuestId, c.CreatedAt });
        // Most comments answer nobody and most writers are guests: rows without a value need no place in an index.
        comment.HasIndex(c => c.ParentId).HasFilter("\"ParentId\" IS NOT NULL");
        comment.HasIndex(c => c.UserId).HasFilter("\"UserId\" IS NOT NULL");
        // Few wait among many that do not.
        comment.HasIndex(c => c.CreatedAt).HasFilter($"\"Status\" = {(int)CommentStatus.Pending}");
        comment.ToTable(table => table.HasCheckConstraint("CK_Comments_Author", "(\"UserId\" IS NULL AND \"GuestId\" IS NOT NULL) OR (\"UserId\" IS NOT NULL AND \"GuestId\" IS NULL)"));
        comment.HasOne(c => c.Post).WithMany().HasForeignKey(c => c.PostId).OnDelete(DeleteBehavior.Restrict);
        comment.HasOne(c => c.Parent).WithMany().HasForeignKey(c => c.ParentId).OnDelete(DeleteBehavior.Restrict);
        comment.HasOne(c => c.Guest).WithMany().HasForeignKey(c => c.GuestId).OnDelete(DeleteBehavior.Restrict);
        comment.HasOne<BlogUser>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
        comment.ComplexProperty(c => c.Reactions);
        comment.Ignore(c => c.IsVisible);
        comment.Ignore(c => c.TraceParent);
    }
}
