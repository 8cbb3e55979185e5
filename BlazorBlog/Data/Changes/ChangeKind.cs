namespace BlazorBlog.Data.Changes;

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
