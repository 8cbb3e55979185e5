namespace BlazorBlog.Threads;

/// <summary>Oldest first; among comments of one moment, in an order that every node finds alike.</summary>
internal sealed class CommentOrder : IComparer<CommentRecord>
{
    public static readonly CommentOrder Instance = new();

    public int Compare(CommentRecord? x, CommentRecord? y) => Compare(x!.CreatedAt, x.Id, y!.CreatedAt, y.Id);

    /// <summary>A version 7 GUID begins with its time, which <see cref="Guid.CompareTo(Guid)"/> compares first.</summary>
    public static int Compare(DateTimeOffset oneAt, Guid one, DateTimeOffset otherAt, Guid other) =>
        oneAt.CompareTo(otherAt) is not 0 and var order ? order : one.CompareTo(other);
}
