using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>Why a person is told of a comment.</summary>
[Flags]
public enum RecipientRoles
{
    None = 0,
    PostAuthor = 1,
    ParentAuthor = 2,
    DefaultRecipient = 4,

    /// <summary>Wrote the comment; never told of it.</summary>
    Commenter = 8,
}

/// <summary>One person, with all the addresses under which the blog could reach them.</summary>
public sealed class Recipient
{
    private Recipient()
    {
    }

    /// <summary><c>user:{id}</c>, <c>guest:{id}</c>, <c>email:{normalized}</c> or <c>phone:{E.164}</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Null when nothing but an address is known.</summary>
    public string? Name { get; init; }

    /// <summary>As its owner spells it.</summary>
    public string? Email { get; init; }

    public string? NormalizedEmail => Email is null ? null : EmailAddress.Normalize(Email);

    /// <summary>The owner of the mailbox is known to be this person.</summary>
    public bool EmailConfirmed { get; init; } = true;

    /// <summary>E.164.</summary>
    public string? Phone { get; init; }

    public bool PhoneConfirmed { get; init; } = true;

    /// <summary>Null is the site's.</summary>
    public SiteCulture? Culture { get; init; }

    /// <summary>IANA name; null is the site's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>A guest who did not tick "Email me about replies" at the comment that was answered.</summary>
    public bool DidNotAsk { get; init; }

    public RecipientRoles Roles { get; private set; }

    /// <summary>Channels that the roles ask for.</summary>
    public SortedSet<NotificationChannel> Channels { get; } = [];

    public static Recipient Of(BlogUser user) => new()
    {
        Key = RecipientKey.OfUser(user.Id),
        Name = user.DisplayName,
        Email = user.Email,
        EmailConfirmed = user.EmailConfirmed,
        Phone = user.PhoneNumber,
        PhoneConfirmed = user.PhoneNumberConfirmed,
        Culture = user.Culture,
        TimeZone = user.TimeZone,
    };

    /// <param name="guest">The person.</param>
    /// <param name="asked">Whether the guest wants mail about replies to the comment in question.</param>
    public static Recipient Of(Guest guest, bool asked = true) => new()
    {
        Key = RecipientKey.OfGuest(guest.Id),
        Name = guest.Name,
        Email = guest.Email,
        EmailConfirmed = guest.EmailConfirmedAt is not null,
        Culture = guest.Culture,
        TimeZone = guest.TimeZone,
        DidNotAsk = !asked,
    };

    /// <param name="address">Normalised.</param>
    public static Recipient OfEmail(string address) => new() { Key = RecipientKey.OfEmail(address), Email = address };

    /// <param name="number">E.164.</param>
    public static Recipient OfPhone(string number) => new() { Key = RecipientKey.OfPhone(number), Phone = number };

    /// <summary>Where a message goes.</summary>
    public string? Address(NotificationChannel channel) => channel == NotificationChannel.Email ? Email : Phone;

    /// <summary>The address as suppressions and the ledger spell it.</summary>
    public string? NormalizedAddress(NotificationChannel channel) => channel == NotificationChannel.Email ? NormalizedEmail : Phone;

    public bool IsConfirmed(NotificationChannel channel) => channel == NotificationChannel.Email ? EmailConfirmed : PhoneConfirmed;

    public void Take(RecipientRoles role, IEnumerable<NotificationChannel> channels)
    {
        Roles |= role;
        Channels.UnionWith(channels);
    }
}
