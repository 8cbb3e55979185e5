using System.Diagnostics;
using BlazorBlog.Data;
using BlazorBlog.Data.Providers;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Posts;
using BlazorBlog.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace BlazorBlog.Comments;

/// <summary>What EF needs for the rows of one comment, and nothing else: pooled contexts without our interceptors, one transaction after another.</summary>
internal sealed class BareTransactions
{
    private const int Transactions = 192;

    private readonly PooledDbContextFactory<SqliteBlogDbContext> _contexts;
    private readonly Post _post;

    /// <param name="connectionString">A database of its own with the blog's schema.</param>
    /// <param name="post">A post in it.</param>
    public BareTransactions(string connectionString, Post post)
    {
        _contexts = new(new DbContextOptionsBuilder<SqliteBlogDbContext>().UseSqlite(connectionString).AddInterceptors(new SqliteConnectionInterceptor()).Options);
        _post = post;
    }

    /// <returns>Transactions per second.</returns>
    public async Task<double> MeasureAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Transactions; i++)
        {
            await using var db = await _contexts.CreateDbContextAsync();
            await SaveAsync(db);
        }

        return Transactions / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task SaveAsync(BlogDbContext db)
    {
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Posts.Where(post => post.Id == _post.Id).ExecuteUpdateAsync(set => set.SetProperty(post => post.ThreadSequence, post => post.ThreadSequence + 1));
        var number = await db.Posts.Where(post => post.Id == _post.Id).Select(post => post.ThreadSequence).SingleAsync();
        var now = TimeProvider.System.GetUtcNow();
        var draft = BlogHost.Draft();
        var guest = new Guest { Name = draft.Name, CreatedAt = now };
        var comment = new Comment
        {
            PostId = _post.Id,
            GuestId = guest.Id,
            AuthorName = draft.Name,
            Body = draft.Body,
            Html = draft.Body,
            IdempotencyKey = draft.IdempotencyKey,
            CreatedAt = now,
        };
        comment.Approve(number);
        db.AddRange(guest, comment, new OutboxMessage { Kind = OutboxKind.CommentPublished, CommentId = comment.Id, CreatedAt = now });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
