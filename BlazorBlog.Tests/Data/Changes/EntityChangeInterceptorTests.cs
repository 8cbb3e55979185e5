using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Data.Changes;

public sealed class EntityChangeInterceptorTests : IAsyncLifetime
{
    private readonly RecordingChanges _changes = new(typeof(Tag), typeof(Link));
    private readonly ThrowingHandler _throwing = new();
    private TestBlog _blog = null!;
    private IDbContextFactory<BlogDbContext> _contexts = null!;
    private BlogDbContext _db = null!;

    public async ValueTask InitializeAsync()
    {
        _blog = await TestBlog.StartAsync(options => options.Services = services => services
            .AddSingleton<IEntityChangeHandler>(_throwing)
            .AddSingleton<IEntityChangeHandler>(_changes));
        _contexts = _blog.Services.GetRequiredService<IDbContextFactory<BlogDbContext>>();
        _db = await _contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        await _blog.DisposeAsync();
    }

    [Fact]
    public async Task A_new_a_changed_and_a_deleted_entity_are_told_before_the_save_and_after_the_commit()
    {
        var tag = new Tag { Slug = "a", Name = "A" };
        _db.Tags.Add(tag);
        await SaveAsync();
        tag.Name = "B";
        await SaveAsync();
        _db.Tags.Remove(tag);
        await SaveAsync();

        Assert.Equal(
            [
                "before save Tag Created", "after commit Tag Created",
                "before save Tag Updated", "after commit Tag Updated",
                "before delete Tag Deleted", "after delete Tag Deleted",
            ],
            _changes.Told);
        Assert.Equal([[], ["Name"], []], _changes.Committed.Select(change => change.Properties));
    }

    [Fact]
    public async Task Links_of_two_entities_are_told_with_both_keys()
    {
        var post = await _blog.AddPostAsync();
        var tag = new Tag { Slug = "a", Name = "A" };
        _db.Tags.Add(tag);
        await SaveAsync();
        var tagged = await _db.Posts.Include(p => p.Tags).SingleAsync(TestContext.Current.CancellationToken);

        tagged.Tags.Add(tag);
        await SaveAsync();
        tagged.Tags.Clear();
        await SaveAsync();

        var links = _changes.Committed.Where(change => change.Entity is Link).ToList();
        Assert.Equal([ChangeKind.Linked, ChangeKind.Unlinked], links.Select(change => change.Kind));
        Assert.All(links, change => Assert.Equal((post.Id, tag.Id), (((Link)change.Entity).KeyOf<Post>(), ((Link)change.Entity).KeyOf<Tag>())));
        Assert.Equal(
            ["before save Link Linked", "after commit Link Linked", "before delete Link Unlinked", "after delete Link Unlinked"],
            _changes.Told.Where(told => told.Contains("Link", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_rolled_back_is_never_announced()
    {
        await using (var transaction = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            _db.Tags.Add(new Tag { Slug = "a", Name = "A" });
            await SaveAsync();
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }

        _db.ChangeTracker.Clear();
        _db.Tags.Add(new Tag { Slug = "b", Name = "B" });
        await SaveAsync();

        Assert.Equal("b", ((Tag)Assert.Single(_changes.Committed).Entity).Slug);
    }

    [Fact]
    public async Task A_save_that_failed_inside_a_transaction_takes_nothing_of_the_earlier_ones()
    {
        await using (var transaction = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            _db.Tags.Add(new Tag { Slug = "a", Name = "A" });
            await SaveAsync();
            var twin = _db.Tags.Add(new Tag { Slug = "a", Name = "Twin" });
            await Assert.ThrowsAsync<DbUpdateException>(SaveAsync);
            twin.State = EntityState.Detached;
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("A", ((Tag)Assert.Single(_changes.Committed).Entity).Name);
    }

    [Fact]
    public async Task A_pooled_context_brings_nothing_along_to_its_next_user()
    {
        var transaction = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        _db.Tags.Add(new Tag { Slug = "a", Name = "A" });
        await SaveAsync();
        await transaction.DisposeAsync();
        await _db.DisposeAsync();

        _db = await _contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        await using (var next = await _db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await next.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(_changes.Committed);
    }

    [Fact]
    public async Task Who_throws_after_the_commit_reaches_neither_the_caller_nor_the_next_handler()
    {
        _throwing.AfterCommit = true;
        _db.Tags.Add(new Tag { Slug = "a", Name = "A" });

        await SaveAsync();

        Assert.Single(_changes.Committed);
        Assert.Equal(1, await _blog.ReadAsync(db => db.Tags.CountAsync()));
    }

    [Fact]
    public async Task Who_throws_before_the_save_stops_it()
    {
        _throwing.BeforeSave = true;
        _db.Tags.Add(new Tag { Slug = "a", Name = "A" });

        await Assert.ThrowsAsync<NotSupportedException>(SaveAsync);

        Assert.Empty(_changes.Committed);
        Assert.Equal(0, await _blog.ReadAsync(db => db.Tags.CountAsync()));
    }

    [Fact]
    public async Task A_handler_may_add_what_belongs_to_the_change_and_that_is_announced_too()
    {
        _throwing.Adds = true;
        _db.Tags.Add(new Tag { Slug = "a", Name = "A" });

        await SaveAsync();

        Assert.Equal(["a", "a-too"], _changes.Committed.Select(change => ((Tag)change.Entity).Slug).Order());
        Assert.Equal(2, await _blog.ReadAsync(db => db.Tags.CountAsync()));
    }

    [Fact]
    public async Task The_audit_trail_names_what_changed_and_never_to_what()
    {
        await _blog.AddPostAsync();
        var post = await _db.Posts.SingleAsync(TestContext.Current.CancellationToken);
        post.Title = "A secret title";
        await SaveAsync();

        var entry = await _blog.ReadAsync(db => db.AuditEntries.OrderBy(e => e.At).LastAsync());
        Assert.Equal(("Post", post.Id, "Updated", "Title"), (entry.Entity, entry.EntityId, entry.Action, entry.Detail));
    }

    private Task SaveAsync() => _db.SaveChangesAsync(TestContext.Current.CancellationToken);

    private sealed class ThrowingHandler : IEntityChangeHandler
    {
        public bool BeforeSave { get; set; }

        public bool AfterCommit { get; set; }

        public bool Adds { get; set; }

        public bool Handles(Type entity) => entity == typeof(Tag);

        void IEntityChangeHandler.BeforeSave(EntityChange change, BlogDbContext db)
        {
            if (BeforeSave)
            {
                throw new NotSupportedException("Before the save.");
            }

            var slug = ((Tag)change.Entity).Slug;
            if (Adds && slug == "a")
            {
                db.Tags.Add(new Tag { Slug = "a-too", Name = "A too" });
            }
        }

        void IEntityChangeHandler.AfterCommit(EntityChange change)
        {
            if (AfterCommit)
            {
                throw new NotSupportedException("After the commit.");
            }
        }
    }
}
