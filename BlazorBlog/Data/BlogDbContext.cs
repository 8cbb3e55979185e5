using BlazorBlog.Accounts;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Comments;
using BlazorBlog.Data.Audit;
using BlazorBlog.Data.Changes;
using BlazorBlog.Data.Keys;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Posts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data;

/// <summary>The blog's database. One derived type per provider carries that provider's migrations; all other code uses this type.</summary>
public abstract class BlogDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<BlogUser> Users => Set<BlogUser>();

    public DbSet<IdentityRole<Guid>> Roles => Set<IdentityRole<Guid>>();

    public DbSet<IdentityUserRole<Guid>> UserRoles => Set<IdentityUserRole<Guid>>();

    public DbSet<SignInSession> SignInSessions => Set<SignInSession>();

    public DbSet<Avatar> Avatars => Set<Avatar>();

    public DbSet<EmailVerification> EmailVerifications => Set<EmailVerification>();

    public DbSet<AccountMail> AccountMails => Set<AccountMail>();

    public DbSet<Guest> Guests => Set<Guest>();

    public DbSet<Post> Posts => Set<Post>();

    public DbSet<Tag> Tags => Set<Tag>();

    public DbSet<Comment> Comments => Set<Comment>();

    public DbSet<CommentReaction> CommentReactions => Set<CommentReaction>();

    public DbSet<CommentRevision> CommentRevisions => Set<CommentRevision>();

    public DbSet<ThreadReader> ThreadReaders => Set<ThreadReader>();

    public DbSet<OutboxMessage> OutboxMessages => Set<OutboxMessage>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<DeliveryAttempt> DeliveryAttempts => Set<DeliveryAttempt>();

    public DbSet<Suppression> Suppressions => Set<Suppression>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>
    /// Comments added while this is set cause no notifications: seed content, an import. The counterpart of <c>raw</c> in
    /// Django's signals.
    /// </summary>
    public bool IsImporting { get; set; }

    /// <summary>What the current save, and the saves of the open transaction, will announce once they are committed.</summary>
    internal ChangeMemory Changes { get; } = new();

    public override void Dispose()
    {
        Reset();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    public override ValueTask DisposeAsync()
    {
        Reset();
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(BlogDbContext).Assembly);

    /// <summary>A pooled context is handed to the next caller with its fields as they are.</summary>
    private void Reset()
    {
        Changes.Clear();
        IsImporting = false;
    }
}
