namespace BlazorBlog.Comments;

/// <summary>Oldest first; among comments of one moment, in an order that every node finds alike.</summary>
internal sealed class CommentOrder : IComparer<ThreadRow>
{
    public static readonly CommentOrder Instance = new();

    public int Compare(ThreadRow? x, ThreadRow? y) =>
        x!.CreatedAt.CompareTo(y!.CreatedAt) is not 0 and var order ? order : Compare(x.Id, y.Id);

    /// <summary>A version 7 GUID begins with its time, which <see cref="Guid.CompareTo(Guid)"/> compares first.</summary>
    public static int Compare(Guid one, Guid other) => one.CompareTo(other);
}
