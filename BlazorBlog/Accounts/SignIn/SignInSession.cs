using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>One browser in which a user is signed in. Its cookie is invalid once the row is deleted.</summary>
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

    /// <summary>UTC; when the person last proved who they are.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC, to within <see cref="SignInSessions.SeenEvery"/>.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }
}

internal sealed class SignInSessionMapping : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> session)
    {
        session.ToTable("SignInSessions");
        session.Property(s => s.Id).ValueGeneratedNever();
        session.Property(s => s.Browser).HasMaxLength(SignInSession.MaxBrowserLength);
        session.Property(s => s.Method).HasMaxLength(SignInSession.MaxMethodLength);
        session.HasIndex(s => s.UserId);
        session.HasIndex(s => s.LastSeenAt);
        session.HasOne<BlogUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Ways to sign in; where RFC 8176 has a name for one, by that name.</summary>
public static class SignInMethod
{
    public const string Password = "pwd";

    /// <summary>A code that was mailed.</summary>
    public const string MailedCode = "otp";

    /// <summary>Two factors, one after the other.</summary>
    public const string TwoFactor = "mfa";

    /// <summary>A passkey: a device that was held and unlocked.</summary>
    public const string Passkey = "hwk";

    /// <summary>Whether two factors were shown.</summary>
    public static bool IsStrong(string? method) => method is TwoFactor or Passkey;
}
