using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorBlog.Data.Changes;

/// <summary>
/// Runs the <see cref="IEntityChangeHandler"/>s: before the SQL, and after the real commit. A save inside an open transaction is not
/// committed when SavedChanges comes, and a save of one statement has no transaction at all, so neither hook alone would do.
/// </summary>
public sealed partial class EntityChangeInterceptor(IEnumerable<IEntityChangeHandler> handlers, ILogger<EntityChangeInterceptor> logger)
    : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly IEntityChangeHandler[] _handlers = [.. handlers];

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        BeforeSave(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        BeforeSave(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        AfterSave(eventData.Context);
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        AfterSave(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override void SaveChangesFailed(DbContextErrorEventData eventData) => Memory(eventData)?.DropCurrent();

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Memory(eventData)?.DropCurrent();
        return Task.CompletedTask;
    }

    public override void SaveChangesCanceled(DbContextEventData eventData) => Memory(eventData)?.DropCurrent();

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Memory(eventData)?.DropCurrent();
        return Task.CompletedTask;
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Memory(eventData)?.DropUncommitted();
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Memory(eventData)?.DropUncommitted();
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => AfterCommit(eventData);

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        AfterCommit(eventData);
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Memory(eventData)?.DropUncommitted();

    public Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Memory(eventData)?.DropUncommitted();
        return Task.CompletedTask;
    }

    public void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData)
    {
        if (eventData.Action == "Commit")
        {
            Memory(eventData)?.CommitFailed();
        }
        else
        {
            Memory(eventData)?.DropUncommitted();
        }
    }

    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionFailed(transaction, eventData);
        return Task.CompletedTask;
    }

    /// <summary>For a transaction whose commit was not answered and turned out to have happened.</summary>
    internal void AnnounceCommitted(BlogDbContext db) => Announce(db.Changes.TakeCommitted());

    private static ChangeMemory? Memory(DbContextEventData eventData) => (eventData.Context as BlogDbContext)?.Changes;

    private void BeforeSave(DbContext? context)
    {
        if (context is not BlogDbContext db)
        {
            return;
        }

        var changes = Read(db);
        foreach (var change in changes)
        {
            foreach (var handler in _handlers.Where(handler => handler.Handles(change.Entity.GetType())))
            {
                if (change.Kind is ChangeKind.Deleted or ChangeKind.Unlinked)
                {
                    handler.BeforeDelete(change, db);
                }
                else
                {
                    handler.BeforeSave(change, db);
                }
            }
        }

        // Read again: handlers may have changed entities and added others. What is inserted is read when it is; of the rest, changes must be
        // looked for, because a unit of work has switched that off.
        if (changes.Exists(change => change.Kind is not (ChangeKind.Created or ChangeKind.Linked)))
        {
            db.ChangeTracker.DetectChanges();
        }

        db.Changes.Capture(Read(db));
    }

    private void AfterSave(DbContext? context)
    {
        if (context is not BlogDbContext db)
        {
            return;
        }

        if (db.Database.CurrentTransaction is null && Transaction.Current is null)
        {
            Announce(db.Changes.TakeCurrent());
        }
        else
        {
            db.Changes.KeepUntilCommit();
        }
    }

    private void AfterCommit(TransactionEndEventData eventData)
    {
        if (Memory(eventData) is { } memory)
        {
            Announce(memory.TakeCommitted());
        }
    }

    private void Announce(EntityChange[] changes)
    {
        foreach (var change in changes)
        {
            foreach (var handler in _handlers.Where(handler => handler.Handles(change.Entity.GetType())))
            {
                try
                {
                    if (change.Kind is ChangeKind.Deleted or ChangeKind.Unlinked)
                    {
                        handler.AfterDelete(change);
                    }
                    else
                    {
                        handler.AfterCommit(change);
                    }
                }
#pragma warning disable CA1031 // The data is committed: no handler's failure may reach the caller or the other handlers.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    LogHandlerFailed(exception, handler.GetType().Name, change.Entity.GetType().Name);
                }
            }
        }
    }

    private List<EntityChange> Read(BlogDbContext db) =>
    [
        .. db.ChangeTracker.Entries().ToList().Select(Read).OfType<EntityChange>()
            .Where(change => _handlers.Any(handler => handler.Handles(change.Entity.GetType()))),
    ];

    private static EntityChange? Read(EntityEntry entry) => entry.State switch
    {
        EntityState.Added when entry.Metadata.IsPropertyBag => new(ReadLink(entry), ChangeKind.Linked, []),
        EntityState.Deleted when entry.Metadata.IsPropertyBag => new(ReadLink(entry), ChangeKind.Unlinked, []),
        EntityState.Added => new(entry.Entity, ChangeKind.Created, []),
        EntityState.Deleted => new(entry.Entity, ChangeKind.Deleted, []),
        EntityState.Modified => new(entry.Entity, ChangeKind.Updated,
            [.. entry.Properties.Where(property => property.IsModified).Select(property => property.Metadata.Name)]),
        _ => null,
    };

    private static Link ReadLink(EntityEntry entry)
    {
        LinkEnd[] ends =
        [
            .. entry.Metadata.GetForeignKeys().Select(key => new LinkEnd(
                key.PrincipalEntityType.ClrType, (Guid)entry.Property(key.Properties[0].Name).CurrentValue!)),
        ];
        return new Link(ends[0], ends[1]);
    }

    [LoggerMessage(LogLevel.Error, "{Handler} failed after the commit of a {Entity}")]
    private partial void LogHandlerFailed(Exception exception, string handler, string entity);
}
