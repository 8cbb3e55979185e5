using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Accounts;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Posts;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Addresses that notices carry. Their tokens are protected: they cannot be forged, and the address inside cannot be read.</summary>
public sealed class NotificationLinks(IDataProtectionProvider protection, SiteSettings site)
{
    public Uri Manage(CommentNotification notice) => site.Link($"notifications/{Token(NotificationLinkPurpose.Manage, notice)}");

    public Uri Unsubscribe(CommentNotification notice) => site.Link($"notifications/{Token(NotificationLinkPurpose.Unsubscribe, notice)}/unsubscribe");

    public Uri Confirm(CommentNotification notice) => site.Link($"notifications/{Token(NotificationLinkPurpose.Confirm, notice)}/confirm");

    public Uri Comment(CommentNotification notice) => site.Link(PostLinks.Comment(notice.Post.Slug, notice.Comment.Id));

    public Uri Post(CommentNotification notice) => site.Link(PostLinks.Post(notice.Post.Slug));

    /// <summary>Every character of an SMS is paid for: this one leads to <see cref="Comment"/>.</summary>
    public Uri ShortComment(CommentNotification notice) => site.Link($"c/{Shorten(notice.Comment.Id)}");

    public static string Shorten(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    /// <returns>Null when it is no shortened id.</returns>
    public static Guid? Lengthen(string text)
    {
        Span<byte> bytes = stackalloc byte[16];
        return text.Length == 22 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == 16 ? new Guid(bytes, bigEndian: true) : null;
    }

    /// <returns>Null when the token was not made by this blog for this purpose.</returns>
    public NotificationLinkOwner? Read(NotificationLinkPurpose purpose, string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Protector(purpose).Unprotect(Base64Url.DecodeFromChars(token))).Split('\n');
            return parts.Length == 2 ? new NotificationLinkOwner(parts[0], parts[1]) : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private string Token(NotificationLinkPurpose purpose, CommentNotification notice) => Base64Url.EncodeToString(
        Protector(purpose).Protect(Encoding.UTF8.GetBytes($"{notice.Delivery.RecipientKey}\n{EmailAddress.Normalize(notice.Address)}")));

    private IDataProtector Protector(NotificationLinkPurpose purpose) => protection.CreateProtector($"BlazorBlog.Notice.{purpose}.v1");
}

/// <summary>Whose link it is.</summary>
/// <param name="RecipientKey">As in the ledger.</param>
/// <param name="Email">The normalised address it was sent to: an older mail must not speak for a newer address.</param>
public sealed record NotificationLinkOwner(string RecipientKey, string Email);

/// <summary>What a link in a notice is for; a token made for one purpose opens nothing else.</summary>
public enum NotificationLinkPurpose
{
    Manage,
    Unsubscribe,
    Confirm,
}
