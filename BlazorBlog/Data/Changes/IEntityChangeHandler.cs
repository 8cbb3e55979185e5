namespace BlazorBlog.Data.Changes;

/// <summary>
/// Reacts to saved entities, the way receivers of Django's model signals do. Register implementations as singletons. The rules, and which
/// signal each method answers, stand in <c>docs/entity-changes.md</c>.
/// </summary>
public interface IEntityChangeHandler
{
    /// <summary>Whether this handler wants changes of an entity type; links ask with <see cref="Link"/>.</summary>
    bool Handles(Type entity);

    /// <summary>
    /// Before the SQL of an added or modified entity or link, in its transaction. May change the entity and add others to
    /// <paramref name="db"/>; what it throws stops the save.
    /// </summary>
    void BeforeSave(EntityChange change, BlogDbContext db)
    {
    }

    /// <summary>As <see cref="BeforeSave"/>, for an entity or link about to be deleted.</summary>
    void BeforeDelete(EntityChange change, BlogDbContext db)
    {
    }

    /// <summary>
    /// After the real commit of an added or modified entity or link; never after a rollback. Runs on the saving thread, so it must be quick
    /// and must not block. Exceptions are logged and not rethrown, because the data is committed.
    /// </summary>
    void AfterCommit(EntityChange change)
    {
    }

    /// <summary>As <see cref="AfterCommit"/>, for a deleted entity or link.</summary>
    void AfterDelete(EntityChange change)
    {
    }
}
