namespace BlazorBlog.Notifications;

/// <summary>Names this process as the owner of leases. A restarted one is another: it must not take over what its predecessor held.</summary>
public sealed class NodeId
{
    public Guid Value { get; } = Guid.NewGuid();
}
