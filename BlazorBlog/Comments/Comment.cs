using BlazorBlog.Accounts;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Posts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Comments;

/// <summary>A comment. It is never deleted from its table: a removed one keeps the place of its replies.</summary>
public sealed class Comment
{
    public const int MaxNameLength = 80;

    public const int MaxKeyLength = 64;

    /// <summary>How long a writer may take a removal back. Pages offer it for ten seconds; the rest is for the way of a slow connection.</summary>
    public static readonly TimeSpan RestoreWindow = TimeSpan.FromSeconds(20);

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid PostId { get; init; }

    public Post? Post { get; init; }

    public Guid? ParentId { get; init; }

    public Comment? Parent { get; init; }

    /// <summary>The thread's number of this comment's last visible change.</summary>
    public long Sequence { get; private set; }

    public CommentStatus Status { get; private set; }

    /// <summary>Why it waits, or last waited.</summary>
    public HoldReason? HoldReason { get; private set; }

    public ReactionCounts Reactions { get; private set; } = new();

    /// <summary>Either this or <see cref="GuestId"/> says who wrote it.</summary>
    public Guid? UserId { get; set; }

    public Guid? GuestId { get; set; }

    public Guest? Guest { get; init; }

    /// <summary>A guest's name at the time of writing, for several people may share a browser; an account's name as it is now.</summary>
    public required string AuthorName { get; set; }

    /// <summary>Markdown as typed.</summary>
    public required string Body { get; set; }

    /// <summary>Sanitised rendering of <see cref="Body"/>.</summary>
    public required string Html { get; set; }

    /// <summary>Repeats of one form carry one key, see <see cref="Posting.SubmissionKey"/>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The writer asked for mail about replies to this comment.</summary>
    public bool NotifyReplies { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The request that adds it, for the outbox message; not stored here. Comments of several requests share a save.</summary>
    public string? TraceParent { get; init; }

    public DateTimeOffset? EditedAt { get; private set; }

    public DateTimeOffset? RemovedAt { get; private set; }

    public bool IsVisible => Status == CommentStatus.Approved && RemovedAt is null;

    /// <summary>Until when its writer may take the removal back; null when it was not removed, or not by them.</summary>
    public DateTimeOffset? RestorableUntil => Status is CommentStatus.Approved or CommentStatus.Pending ? RemovedAt + RestoreWindow : null;

    public void Approve(long sequence) => Move(CommentStatus.Approved, sequence);

    public void Hold(HoldReason reason, long sequence)
    {
        HoldReason = reason;
        Move(CommentStatus.Pending, sequence);
    }

    public void Hide(long sequence) => Move(CommentStatus.Hidden, sequence);

    public void MarkAsSpam(long sequence) => Move(CommentStatus.Spam, sequence);

    public void Edit(string body, string html, long sequence, DateTimeOffset now)
    {
        Body = body;
        Html = html;
        EditedAt = now;
        Sequence = sequence;
    }

    public void Remove(long sequence, DateTimeOffset now)
    {
        RemovedAt ??= now;
        Sequence = sequence;
    }

    /// <summary>Takes a removal back, see <see cref="RestoreWindow"/>.</summary>
    public void Restore(long sequence)
    {
        RemovedAt = null;
        Sequence = sequence;
    }

    /// <summary>Its writer has, or had, an account of this name.</summary>
    public void AssignTo(Guid userId, string name, long sequence)
    {
        (UserId, GuestId, AuthorName, Sequence) = (userId, null, name, sequence);
    }

    /// <summary>Detaches the comment from its author: account, guest and name are replaced, the text stays.</summary>
    /// <param name="nobody">A guest of whom nothing is known.</param>
    /// <param name="name">What stands in the place of the name.</param>
    /// <param name="sequence">The thread's next number.</param>
    public void Orphan(Guid nobody, string name, long sequence)
    {
        (UserId, GuestId, AuthorName, Sequence) = (null, nobody, name, sequence);
    }

    /// <summary>Takes the words away for good, also for moderators.</summary>
    public void Erase(long sequence, DateTimeOffset now)
    {
        (Body, Html) = ("", "");
        Remove(sequence, now);
    }

    /// <param name="reaction">Whose count changes.</param>
    /// <param name="by">1 or -1.</param>
    /// <param name="sequence">The thread's next number.</param>
    public void React(Reaction reaction, int by, long sequence)
    {
        Reactions = Reactions.Change(reaction, by);
        Sequence = sequence;
    }

    /// <summary>Whether both were written by the same account or the same browser; a typed address proves nothing.</summary>
    public bool IsBySameAuthorAs(Comment other) =>
        (UserId is not null && UserId == other.UserId) || (GuestId is not null && GuestId == other.GuestId);

    private void Move(CommentStatus status, long sequence)
    {
        Status = status;
        Sequence = sequence;
    }
}

public enum CommentStatus
{
    /// <summary>Waits for a moderator; only its author sees it.</summary>
    Pending,

    Approved,

    /// <summary>Hidden from readers by a moderator, who may show it again.</summary>
    Hidden,

    /// <summary>Hidden from readers, and marked as advertising.</summary>
    Spam,
}

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
        // Filtered: most comments have no parent and most authors no account, so NULL rows are left out of these indexes.
        comment.HasIndex(c => c.ParentId).HasFilter("\"ParentId\" IS NOT NULL");
        comment.HasIndex(c => c.UserId).HasFilter("\"UserId\" IS NOT NULL");
        // Filtered: only the few pending comments are indexed.
        comment.HasIndex(c => c.CreatedAt).HasFilter($"\"Status\" = {(int)CommentStatus.Pending}");
        comment.ToTable(table => table.HasCheckConstraint("CK_Comments_Author", "(\"UserId\" IS NULL AND \"GuestId\" IS NOT NULL) OR (\"UserId\" IS NOT NULL AND \"GuestId\" IS NULL)"));
        comment.HasOne(c => c.Post).WithMany().HasForeignKey(c => c.PostId).OnDelete(DeleteBehavior.Restrict);
        comment.HasOne(c => c.Parent).WithMany().HasForeignKey(c => c.ParentId).OnDelete(DeleteBehavior.Restrict);
        comment.HasOne(c => c.Guest).WithMany().HasForeignKey(c => c.GuestId).OnDelete(DeleteBehavior.Restrict);
        comment.HasOne<BlogUser>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Restrict);
        comment.ComplexProperty(c => c.Reactions);
        comment.Ignore(c => c.IsVisible);
        comment.Ignore(c => c.RestorableUntil);
        comment.Ignore(c => c.TraceParent);
    }
}
