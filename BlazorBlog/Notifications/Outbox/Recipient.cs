using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Outbox;

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
    /// <summary><c>user:{id}</c>, <c>guest:{id}</c>, <c>email:{normalized}</c> or <c>phone:{E.164}</c>.</summary>
    public required string Key { get; init; }

    public RecipientRoles Roles { get; private set; }

    /// <summary>Channels that the roles ask for.</summary>
    public SortedSet<NoticeChannel> Channels { get; } = [];

    /// <summary>Normalised.</summary>
    public string? Email { get; init; }

    /// <summary>The owner of the mailbox is known to be this person.</summary>
    public bool EmailConfirmed { get; init; } = true;

    /// <summary>E.164.</summary>
    public string? Phone { get; init; }

    public bool PhoneConfirmed { get; init; } = true;

    /// <summary>A guest who did not tick "Email me about replies".</summary>
    public bool DidNotAsk { get; init; }

    public string? Address(NoticeChannel channel) => channel == NoticeChannel.Email ? Email : Phone;

    public bool IsConfirmed(NoticeChannel channel) => channel == NoticeChannel.Email ? EmailConfirmed : PhoneConfirmed;

    public void Take(RecipientRoles role, IEnumerable<NoticeChannel> channels)
    {
        Roles |= role;
        Channels.UnionWith(channels);
    }
}
