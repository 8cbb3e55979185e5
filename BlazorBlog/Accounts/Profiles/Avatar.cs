namespace BlazorBlog.Accounts.Profiles;

/// <summary>A person's picture, as <see cref="AvatarImage"/> made it. A new upload is a new row, so that its address may be kept for ever.</summary>
public sealed class Avatar
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid UserId { get; init; }

    public required byte[] Bytes { get; init; }
}
