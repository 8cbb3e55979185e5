using BlazorBlog.Accounts;
using BlazorBlog.Hosting;

namespace BlazorBlog.Comments;

/// <summary>
/// Somebody who comments without an account, known by a protected cookie and never by a typed address: whoever types my address must
/// not become me.
/// </summary>
public sealed class Guest
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    public string? Email { get; private set; }

    /// <summary>See <see cref="EmailAddress.Normalize"/>.</summary>
    public string? NormalizedEmail { get; private set; }

    public DateTimeOffset? EmailConfirmedAt { get; private set; }

    public SiteCulture? Culture { get; set; }

    public string? TimeZone { get; set; }

    /// <summary>The account this guest turned out to be.</summary>
    public Guid? UserId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Another address has to be confirmed anew; no address leaves the known one as it is.</summary>
    public void UseEmail(string? email)
    {
        if (string.IsNullOrWhiteSpace(email) || EmailAddress.Normalize(email) == NormalizedEmail)
        {
            return;
        }

        Email = email.Trim();
        NormalizedEmail = EmailAddress.Normalize(email);
        EmailConfirmedAt = null;
    }

    public void ConfirmEmail(DateTimeOffset now) => EmailConfirmedAt ??= now;
}
