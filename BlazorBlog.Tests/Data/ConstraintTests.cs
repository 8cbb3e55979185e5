using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data.Audit;
using BlazorBlog.Data.Keys;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Outbox;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data;

/// <summary>Rules that hold whatever program writes.</summary>
public abstract class ConstraintTests(IDatabaseServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_must_be_unique_is_refused_twice()
    {
        var rows = await AddRowsAsync();

        await RefusedAsync(NewPost(rows.Author.Id, rows.Post.Slug));
        await RefusedAsync(NewTag(rows.Tag.Slug));
        await RefusedAsync(NewUser(rows.Author.NormalizedUserName!));
        await RefusedAsync(NewComment(rows.Post.Id, rows.Guest.Id, rows.Comment.IdempotencyKey));
        await RefusedAsync(NewMessage(rows.Comment.Id));
        await RefusedAsync(NewDelivery(rows.Comment.Id, rows.Delivery.RecipientKey));
        await RefusedAsync(NewSuppression(rows.Suppression.Address));
    }

    [Fact]
    public async Task What_is_another_event_or_another_reason_stands_beside_the_first()
    {
        var rows = await AddRowsAsync();

        await AddAsync(
            NewMessage(rows.Comment.Id, number: 7),
            NewDelivery(rows.Comment.Id, rows.Delivery.RecipientKey, number: 7),
            NewSuppression(rows.Suppression.Address, SuppressionReason.Undeliverable));
    }

    [Fact]
    public async Task Comments_without_a_form_key_do_not_collide()
    {
        var rows = await AddRowsAsync();

        await AddAsync(NewComment(rows.Post.Id, rows.Guest.Id, key: null), NewComment(rows.Post.Id, rows.Guest.Id, key: null));
    }

    [Fact]
    public async Task Nothing_points_to_what_is_not_there()
    {
        var rows = await AddRowsAsync();
        var nobody = Guid.NewGuid();

        await RefusedAsync(NewPost(nobody, "of-nobody"));
        await RefusedAsync(NewComment(nobody, rows.Guest.Id));
        await RefusedAsync(NewComment(rows.Post.Id, nobody));
        await RefusedAsync(NewComment(rows.Post.Id, rows.Guest.Id, parentId: nobody));
        await RefusedAsync(NewMessage(nobody));
        await RefusedAsync(NewDelivery(nobody, "email:a@example.com"));
        await RefusedAsync(NewAttempt(nobody));
    }

    [Fact]
    public async Task A_comment_that_is_referred_to_cannot_be_deleted()
    {
        var rows = await AddRowsAsync();
        await using var db = Blog.OpenContext();

        db.Attach(rows.Comment).State = EntityState.Deleted;

        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel));
    }

    [Fact]
    public async Task Text_longer_than_its_column_is_refused_and_the_longest_is_kept()
    {
        var rows = await AddRowsAsync();
        var other = NewComment(rows.Post.Id, rows.Guest.Id);
        await AddAsync(other);
        Func<object>[] makers =
        [
            () => NewPost(rows.Author.Id, "long"),
            () => NewTag("long"),
            () => NewUser("LONG"),
            () => new Guest { Name = "Grace", CreatedAt = Now },
            () => NewComment(rows.Post.Id, rows.Guest.Id),
            () => NewMessage(other.Id),
            () => NewDelivery(rows.Comment.Id, "email:long@example.com"),
            () => NewAttempt(rows.Delivery.Id),
            () => NewSuppression("long@example.com"),
            () => new AuditEntry { At = Now, Entity = "Post", EntityId = rows.Post.Id, Action = "Updated" },
            () => new DataProtectionKey { FriendlyName = "key", Xml = "<key />" },
        ];

        List<string> accepted = [];
        List<string> refused = [];
        foreach (var make in makers)
        {
            await using var model = Blog.OpenContext();
            foreach (var property in model.Model.FindEntityType(make().GetType())!.GetProperties().Where(property => property.GetMaxLength() is not null))
            {
                var name = $"{property.DeclaringType.ClrType.Name}.{property.Name}";
                if (!await TryAsync(make(), property.Name, property.GetMaxLength()!.Value))
                {
                    refused.Add(name);
                }

                if (await TryAsync(make(), property.Name, property.GetMaxLength()!.Value + 1))
                {
                    accepted.Add(name);
                }
            }
        }

        Assert.Empty(refused);
        Assert.Empty(accepted);
    }

    /// <summary>Saves the row with a text of that many letters, and takes it back.</summary>
    private async Task<bool> TryAsync(object row, string property, int length)
    {
        await using var db = Blog.OpenContext();
        db.Add(row).Property(property).CurrentValue = new string('가', length);
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            try
            {
                await db.SaveChangesAsync(Cancel);
                return true;
            }
            catch (DbUpdateException)
            {
                return false;
            }
        });
    }

    private async Task RefusedAsync(object row) => await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(row));

    private async Task AddAsync(params object[] rows)
    {
        await using var db = Blog.OpenContext();
        db.IsImporting = true;
        db.AddRange(rows);
        await db.SaveChangesAsync(Cancel);
    }

    private async Task<Rows> AddRowsAsync()
    {
        var author = NewUser("ADA");
        var post = NewPost(author.Id, "a-post");
        var guest = new Guest { Name = "Grace", CreatedAt = Now };
        var comment = NewComment(post.Id, guest.Id, "a-key");
        var delivery = NewDelivery(comment.Id, "email:grace@example.com");
        var rows = new Rows(author, post, NewTag("a-tag"), guest, comment, delivery, NewSuppression("grace@example.com"));
        await AddAsync(author, post, rows.Tag, guest, comment, NewMessage(comment.Id), delivery, rows.Suppression);
        return rows;
    }

    private static BlogUser NewUser(string name) => new() { UserName = name, NormalizedUserName = name, DisplayName = "Ada" };

    private static Post NewPost(Guid authorId, string slug) =>
        new() { Slug = slug, Title = "A post", Summary = "", Markdown = "", Html = "", AuthorId = authorId, CreatedAt = Now };

    private static Tag NewTag(string slug) => new() { Slug = slug, Name = "A tag" };

    private static Comment NewComment(Guid postId, Guid guestId, string? key = null, Guid? parentId = null) => new()
    {
        PostId = postId,
        ParentId = parentId,
        GuestId = guestId,
        AuthorName = "Grace",
        Body = "Hello",
        Html = "<p>Hello</p>",
        IdempotencyKey = key,
        CreatedAt = Now,
    };

    private static OutboxMessage NewMessage(Guid commentId, long number = 0) => new() { Kind = OutboxKind.CommentPublished, EventNumber = number, CommentId = commentId, CreatedAt = Now };

    private static Delivery NewDelivery(Guid commentId, string recipient, long number = 0) => new()
    {
        CommentId = commentId,
        EventNumber = number,
        Event = NotificationEvent.CommentPublished,
        RecipientKey = recipient,
        Channel = NotificationChannel.Email,
        CreatedAt = Now,
        DueAt = Now,
    };

    private static DeliveryAttempt NewAttempt(Guid deliveryId) => new() { DeliveryId = deliveryId, At = Now, Outcome = SendOutcome.Accepted };

    private static Suppression NewSuppression(string address, SuppressionReason reason = SuppressionReason.OptedOut) =>
        Suppression.Of(address, NotificationChannel.Email, reason, Now);

    private sealed record Rows(BlogUser Author, Post Post, Tag Tag, Guest Guest, Comment Comment, Delivery Delivery, Suppression Suppression);
}

public sealed class SqliteConstraintTests(SqliteFiles files) : ConstraintTests(files);

public sealed class PostgreSqlConstraintTests(PostgreSqlServer server) : ConstraintTests(server);
