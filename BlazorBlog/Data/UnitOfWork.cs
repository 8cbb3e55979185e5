using System.Data;
using BlazorBlog.Data.Changes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorBlog.Data;

/// <summary>
/// Work that is committed as a whole, in a transaction of its own. Where the server fails for a moment it is done again from the start,
/// with a new context, so it must read what it decides by inside. A commit whose answer was lost is looked for in the database first.
/// </summary>
public sealed class UnitOfWork(IDbContextFactory<BlogDbContext> contexts, WriteGate gate, EntityChangeInterceptor changes)
{
    private const int MostConflicts = 5;

    /// <param name="work">Changes tracked entities, which are then saved and committed; when it leaves nothing to save, all it did is rolled back.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <param name="isolation">Of the transaction.</param>
    /// <returns>What the work of the committed attempt answered.</returns>
    /// <exception cref="RetryLimitExceededException">The server was away for longer than the retries last; the commit may have happened.</exception>
    public async Task<T> RunAsync<T>(
        Func<BlogDbContext, Task<T>> work, CancellationToken cancellationToken, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        return await RunInTurnAsync(work, cancellationToken, isolation);
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<BlogDbContext, Task> work, CancellationToken cancellationToken) => RunAsync(
        async db =>
        {
            await work(db);
            return true;
        },
        cancellationToken);

    /// <summary>For changes that another writer may make to the same row at the same moment: they are then worked out again from what stands there.</summary>
    /// <inheritdoc cref="RunAsync{T}"/>
    public async Task RunUntilSavedAsync(Func<BlogDbContext, Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync(work, cancellationToken);
                return;
            }
            catch (DbUpdateException) when (attempt < MostConflicts)
            {
                // The other one was first: read again.
            }
        }
    }

    /// <summary>As <see cref="RunAsync{T}"/>, for a caller that holds the turn of the <see cref="WriteGate"/>.</summary>
    public async Task<T> RunInTurnAsync<T>(
        Func<BlogDbContext, Task<T>> work, CancellationToken cancellationToken, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        await using var attempt = new Attempt<T>(contexts, work, isolation);
        if (gate.IsSingleWriter)
        {
            return await attempt.RunAsync(cancellationToken);
        }

        await using var any = await contexts.CreateDbContextAsync(cancellationToken);
        return await any.Database.CreateExecutionStrategy().ExecuteAsync(
            attempt,
            (_, attempt, token) => attempt.RunAsync(token),
            async (_, attempt, token) =>
            {
                var isCommitted = await attempt.IsCommittedAsync(token);
                if (isCommitted)
                {
                    changes.AnnounceCommitted(attempt.Context);
                }

                return new ExecutionResult<T>(isCommitted, attempt.Result);
            },
            cancellationToken);
    }

    private sealed class Attempt<T>(IDbContextFactory<BlogDbContext> contexts, Func<BlogDbContext, Task<T>> work, IsolationLevel isolation) : IAsyncDisposable
    {
        private BlogDbContext? _db;
        private Witness? _witness;

        public BlogDbContext Context => _db ?? throw new InvalidOperationException("No attempt was begun.");

        public T Result { get; private set; } = default!;

        public async Task<T> RunAsync(CancellationToken cancellationToken)
        {
            await DisposeAsync();
            _witness = null;
            _db = await contexts.CreateDbContextAsync(cancellationToken);
            // A save that fails here fails the whole; a savepoint would cost SQLite a second journal of every page.
            _db.Database.AutoSavepointsEnabled = false;
            await using var transaction = await _db.Database.BeginTransactionAsync(isolation, cancellationToken);
            Result = await work(_db);
            _db.ChangeTracker.DetectChanges();
            // Every look at the tracked entities from here on, interceptors' included, would compare all of them again.
            _db.ChangeTracker.AutoDetectChangesEnabled = false;
            _witness = Witness.Find(_db);
            if (_witness is not null)
            {
                await _db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            return Result;
        }

        /// <summary>Asked when an attempt failed: whether its commit happened nevertheless.</summary>
        public async Task<bool> IsCommittedAsync(CancellationToken cancellationToken) =>
            _db is { Changes.IsCommitUnanswered: true } && _witness is not null && await _witness.IsInDatabaseAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (_db is not null)
            {
                await _db.DisposeAsync();
                _db = null;
            }
        }
    }

    /// <summary>One of the changes of a transaction: where it is in the database, so are all.</summary>
    private sealed class Witness(EntityEntry entry)
    {
        private readonly EntityState _state = entry.State;

        /// <summary>Moments are left out: PostgreSQL keeps microseconds, and would never answer what was written.</summary>
        private readonly string[] _written =
        [
            .. entry.Properties.Where(property => property.IsModified && property.Metadata.ClrType != typeof(DateTimeOffset) && property.Metadata.ClrType != typeof(DateTimeOffset?))
                .Select(property => property.Metadata.Name),
        ];

        /// <returns>A new row whose key was generated here if there is one, since no other node can have written it; null without changes.</returns>
        public static Witness? Find(BlogDbContext db)
        {
            var changed = db.ChangeTracker.Entries()
                .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
                .OrderBy(entry => entry.State switch
                {
                    EntityState.Added when !entry.Properties.Any(property => property.Metadata.IsPrimaryKey() && property.IsTemporary) => 0,
                    EntityState.Deleted => 1,
                    EntityState.Modified => 2,
                    _ => 3,
                })
                .FirstOrDefault();
            return changed is null ? null : new Witness(changed);
        }

        public async Task<bool> IsInDatabaseAsync(CancellationToken cancellationToken)
        {
            var stored = await entry.GetDatabaseValuesAsync(cancellationToken);
            return _state == EntityState.Deleted
                ? stored is null
                : stored is not null && _written.All(name => Equals(stored[name], entry.CurrentValues[name]));
        }
    }
}
