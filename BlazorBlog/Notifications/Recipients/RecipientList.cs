using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Recipients;

/// <summary>Collects who is told of a comment, each person once, even with several roles or addresses.</summary>
public sealed class RecipientList
{
    private readonly List<Recipient> _recipients = [];

    public IReadOnlyList<Recipient> Recipients => _recipients;

    public void Add(BlogUser user, RecipientRoles role) => Merge(role, Recipient.Of(user));

    /// <param name="guest">The writer.</param>
    /// <param name="role">Why.</param>
    /// <param name="asked">Whether the guest wants mail about replies to the comment in question.</param>
    public void Add(Guest guest, RecipientRoles role, bool asked) => Merge(role, Recipient.Of(guest, asked));

    public void AddEmail(string address, RecipientRoles role) => Merge(role, Recipient.OfEmail(EmailAddress.Normalize(address)));

    public void AddPhone(string number, RecipientRoles role) => Merge(role, Recipient.OfPhone(number));

    private void Merge(RecipientRoles role, Recipient recipient)
    {
        var known = _recipients.Find(other => other.Key == recipient.Key || IsSamePerson(other, recipient));
        if (known is null)
        {
            _recipients.Add(recipient);
            known = recipient;
        }

        known.Take(role, ChannelsOf(role, recipient));
    }

    /// <summary>The post's author gets mail and SMS, the author of the answered comment mail, a default recipient one of the two.</summary>
    private static IEnumerable<NotificationChannel> ChannelsOf(RecipientRoles role, Recipient recipient) => role switch
    {
        RecipientRoles.PostAuthor => [NotificationChannel.Email, NotificationChannel.Sms],
        RecipientRoles.Commenter => [],
        RecipientRoles.DefaultRecipient when recipient.Email is null => [NotificationChannel.Sms],
        _ => [NotificationChannel.Email],
    };

    /// <summary>Only confirmed addresses are compared: otherwise a guest who types an author's address could suppress the author's notices.</summary>
    private static bool IsSamePerson(Recipient one, Recipient other) =>
        (one.NormalizedEmail is not null && one.NormalizedEmail == other.NormalizedEmail && one.EmailConfirmed && other.EmailConfirmed)
        || (one.Phone is not null && one.Phone == other.Phone && one.PhoneConfirmed && other.PhoneConfirmed);
}
