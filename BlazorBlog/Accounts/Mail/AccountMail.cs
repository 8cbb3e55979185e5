using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts.Mail;

/// <summary>
/// A mail about an account, from the change that caused it until it is handed over. Written in the same save as its cause, and rendered
/// when it is sent: its row holds no code and no link.
/// </summary>
public sealed class AccountMail
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required AccountMailKind Kind { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    public SiteCulture? Culture { get; init; }

    public Guid? ChallengeId { get; init; }

    /// <summary>With <see cref="AccountMailKind.Changed"/>: what.</summary>
    public AccountChange? Change { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Until then one node has it in hand.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    public int Attempts { get; init; }
}

public enum AccountMailKind
{
    /// <summary>Code and link for a new account.</summary>
    SignUp,

    /// <summary>Somebody signed up with an address that has an account; a code to sign in instead.</summary>
    AlreadyKnown,

    /// <summary>Code to sign in.</summary>
    SignIn,

    /// <summary>Link to choose another password.</summary>
    ResetPassword,

    /// <summary>Link to prove a new address.</summary>
    ChangeEmail,

    /// <summary>Something about signing in changed; sent so that a stranger cannot do it unnoticed.</summary>
    Changed,
}

public enum AccountChange
{
    Password,
    Email,
    TwoFactorOn,
    TwoFactorOff,
    RecoveryCodes,
    PasskeyAdded,
    PasskeyRemoved,
    ExternalAdded,
    ExternalRemoved,
    Deleted,
}
