using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>
/// Message-IDs of the blog's mails, without angle brackets. The same person's mail about a comment always has the same one, so that a
/// reply's mail can name its parent's without looking it up, and mail programs show one conversation.
/// </summary>
internal static class NotificationMessageId
{
    private const string CommentPrefix = "c";
    private const string ConfirmationPrefix = "confirm-";
    private const string WaitingPrefix = "waiting-";
    private const string AccountPrefix = "account-";
    private const int GuidLength = 32;

    public static string Of(Delivery delivery, string host) => $"{LocalPart(delivery)}@{host}";

    public static string OfComment(Guid comment, string recipientKey, string host) => $"{LocalPart(comment, recipientKey)}@{host}";

    /// <summary>Of no mail, but all mails about a post refer to it.</summary>
    public static string OfPost(Guid post, string recipientKey, string host) => $"post-{post:N}.{Reader(recipientKey)}@{host}";

    /// <summary>What stands before the @: the blog's host may have had another name when the mail was sent.</summary>
    public static string LocalPart(Delivery delivery) => delivery.Event switch
    {
        NotificationEvent.ConfirmAddress => $"{ConfirmationPrefix}{delivery.Id:N}",
        NotificationEvent.CommentHeld => $"{WaitingPrefix}{delivery.Id:N}",
        NotificationEvent.Account => $"{AccountPrefix}{delivery.Id:N}",
        _ => LocalPart(delivery.CommentId!.Value, delivery.RecipientKey),
    };

    /// <summary>The comment that the mail is about; null when it is no mail about a comment.</summary>
    public static Guid? ReadComment(string messageId) => Read(messageId, CommentPrefix);

    /// <summary>The delivery of a mail that is about no comment readers see; null when it is about one.</summary>
    public static Guid? ReadDelivery(string messageId) =>
        Read(messageId, ConfirmationPrefix) ?? Read(messageId, WaitingPrefix) ?? Read(messageId, AccountPrefix);

    private static string LocalPart(Guid comment, string recipientKey) => $"{CommentPrefix}{comment:N}.{Reader(recipientKey)}";

    private static string Reader(string recipientKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipientKey)).AsSpan(0, 8));

    private static Guid? Read(string messageId, string prefix) =>
        messageId.Length >= prefix.Length + GuidLength
        && messageId.StartsWith(prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(messageId.AsSpan(prefix.Length, GuidLength), "N", out var id)
            ? id
            : null;
}
