using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Accounts;
using BlazorBlog.Hosting;
using BlazorBlog.Posts;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Notifications.Notices;

/// <summary>Addresses that notices carry. Their tokens are protected, so nobody can make one, or read an address out of one.</summary>
public sealed class NoticeLinks(IDataProtectionProvider protection, SiteSettings site)
{
    public Uri Manage(CommentNotice notice) => site.Link($"notifications/{Token(NoticeLinkPurpose.Manage, notice)}");

    public Uri Unsubscribe(CommentNotice notice) => site.Link($"notifications/{Token(NoticeLinkPurpose.Unsubscribe, notice)}/unsubscribe");

    public Uri Confirm(CommentNotice notice) => site.Link($"notifications/{Token(NoticeLinkPurpose.Confirm, notice)}/confirm");

    public Uri Comment(CommentNotice notice) => site.Link(PostLinks.Comment(notice.Post.Slug, notice.Comment.Id));

    public Uri Post(CommentNotice notice) => site.Link($"posts/{Uri.EscapeDataString(notice.Post.Slug)}");

    /// <summary>Every character of an SMS is paid for: this one leads to <see cref="Comment"/>.</summary>
    public Uri ShortComment(CommentNotice notice) => site.Link($"c/{Shorten(notice.Comment.Id)}");

    public static string Shorten(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    /// <returns>Null when it is no shortened id.</returns>
    public static Guid? Lengthen(string text)
    {
        Span<byte> bytes = stackalloc byte[16];
        return text.Length == 22 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == 16 ? new Guid(bytes, bigEndian: true) : null;
    }

    /// <returns>Null when the token was not made by this blog for this purpose.</returns>
    public NoticeLinkOwner? Read(NoticeLinkPurpose purpose, string token)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Protector(purpose).Unprotect(Base64Url.DecodeFromChars(token))).Split('\n');
            return parts.Length == 2 ? new NoticeLinkOwner(parts[0], parts[1]) : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private string Token(NoticeLinkPurpose purpose, CommentNotice notice) => Base64Url.EncodeToString(
        Protector(purpose).Protect(Encoding.UTF8.GetBytes($"{notice.Delivery.RecipientKey}\n{EmailAddress.Normalize(notice.Address)}")));

    private IDataProtector Protector(NoticeLinkPurpose purpose) => protection.CreateProtector($"BlazorBlog.Notice.{purpose}.v1");
}
