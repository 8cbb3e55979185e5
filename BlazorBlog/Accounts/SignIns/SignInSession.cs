namespace BlazorBlog.Accounts.SignIns;

/// <summary>One browser in which somebody is signed in. Its cookie counts for nothing once the row is gone.</summary>
public sealed class SignInSession
{
    /// <summary>In characters.</summary>
    public const int MaxBrowserLength = 80;

    public const int MaxMethodLength = 32;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required Guid UserId { get; init; }

    /// <summary>What its owner knows it by, e.g. "Firefox, Windows"; neither an address nor anything else that says where it stands.</summary>
    public required string Browser { get; init; }

    /// <summary>How the person proved who they are, see <see cref="SignInMethod"/>.</summary>
    public required string Method { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC, to within <see cref="SignInSessions.SeenEvery"/>.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }
}
