using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Accounts.Mail;

/// <summary>
/// A question whose answer only the reader of a mailbox knows: a code to type, or a link to open. It is written down for unknown addresses
/// as well, so that the answer does not reveal which exist. The account is made only when it is answered: otherwise one could be prepared for
/// another person's address and left for its owner to use.
/// </summary>
public sealed class EmailVerification
{
    /// <summary>Wrong codes: with a million possible codes, so few tries make guessing impractical.</summary>
    public const int MaxAttempts = 5;

    public const int MaxReturnUrlLength = 400;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required VerificationPurpose Purpose { get; init; }

    public required string Email { get; init; }

    /// <summary>The account it is about; null when there is none yet, or none.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Chosen in the form to sign up.</summary>
    public string? DisplayName { get; init; }

    public string? PasswordHash { get; init; }

    /// <summary>With <see cref="LoginKey"/>: the provider that knows the person, to be connected when the mailbox has answered.</summary>
    public string? LoginProvider { get; init; }

    public string? LoginKey { get; init; }

    /// <summary>Six digits, protected: the mail is written after the row, perhaps by another node.</summary>
    public required string Code { get; init; }

    /// <summary>Where the person was, a path of this blog.</summary>
    public string? ReturnUrl { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Codes tried.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    public UserLoginInfo? Login => LoginProvider is null || LoginKey is null ? null : new UserLoginInfo(LoginProvider, LoginKey, LoginProvider);
}

internal sealed class EmailVerificationMapping : IEntityTypeConfiguration<EmailVerification>
{
    public void Configure(EntityTypeBuilder<EmailVerification> challenge)
    {
        challenge.Property(c => c.Id).ValueGeneratedNever();
        challenge.Property(c => c.Email).HasMaxLength(EmailAddress.MaxLength);
        challenge.Property(c => c.DisplayName).HasMaxLength(BlogUser.MaxNameLength);
        challenge.Property(c => c.PasswordHash).HasMaxLength(256);
        challenge.Property(c => c.Code).HasMaxLength(400);
        challenge.Property(c => c.ReturnUrl).HasMaxLength(EmailVerification.MaxReturnUrlLength);
        challenge.Property(c => c.LoginProvider).HasMaxLength(64);
        challenge.Property(c => c.LoginKey).HasMaxLength(128);
        challenge.Ignore(c => c.Login);
        challenge.HasIndex(c => c.ExpiresAt);
    }
}

/// <summary>What reading a mailbox is the proof for. What proves one opens none of the others.</summary>
public enum VerificationPurpose
{
    SignUp,
    SignIn,
    ResetPassword,
    ChangeEmail,
}
