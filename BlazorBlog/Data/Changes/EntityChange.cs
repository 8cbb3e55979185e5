namespace BlazorBlog.Data.Changes;

/// <summary>One change of one entity, as it stood before the SQL ran: afterwards EF no longer tells added from modified.</summary>
/// <param name="Entity">The tracked entity, or a <see cref="Link"/>.</param>
/// <param name="Kind">What happens to it.</param>
/// <param name="Properties">Names of the modified properties of an update, else empty.</param>
public sealed record EntityChange(object Entity, ChangeKind Kind, IReadOnlyList<string> Properties);

/// <summary>One row of a many-to-many relation without an entity of its own.</summary>
/// <param name="Left">Entity type and key of one side.</param>
/// <param name="Right">Entity type and key of the other side.</param>
public sealed record Link(LinkEnd Left, LinkEnd Right)
{
    /// <summary>The key of the side that is a <typeparamref name="T"/>, or null.</summary>
    public Guid? KeyOf<T>() => Left.Type == typeof(T) ? Left.Key : Right.Type == typeof(T) ? Right.Key : null;
}

/// <summary>One side of a <see cref="Link"/>.</summary>
public sealed record LinkEnd(Type Type, Guid Key);

public enum ChangeKind
{
    Created,
    Updated,
    Deleted,

    /// <summary>A many-to-many link was added; <see cref="EntityChange.Entity"/> is a <see cref="Link"/>.</summary>
    Linked,

    /// <summary>A many-to-many link was removed; <see cref="EntityChange.Entity"/> is a <see cref="Link"/>.</summary>
    Unlinked,
}
