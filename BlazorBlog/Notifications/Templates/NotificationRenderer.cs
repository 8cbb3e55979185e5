using System.Globalization;
using BlazorBlog.Components;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Sms.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Notifications.Templates;

/// <summary>Renders notices from Razor components, in the language and time zone of their recipient.</summary>
public sealed class NotificationRenderer(MailRenderer mails, NotificationLinks links, IStringLocalizer<Texts> texts)
{
    /// <summary>Stands for the title while the sentence around it is looked up.</summary>
    private const string Mark = "\u0001";

    /// <summary>Longest name in an SMS, in UTF-16 units: the title and the link need the room.</summary>
    private const int SmsNameLength = 20;

    public Task<RenderedEmail> RenderEmailAsync(CommentNotification notice) => notice.Delivery.Event switch
    {
        NotificationEvent.ConfirmAddress => RenderAsync<ConfirmAddressText, ConfirmAddressEmail>(notice, () => texts["Confirm your address for replies"]),
        NotificationEvent.CommentHeld => RenderAsync<HeldCommentsText, HeldCommentsEmail>(notice, () => NotificationTexts.WaitingSubject(notice.Waiting!, texts)),
        _ => RenderAsync<CommentText, CommentEmail>(notice, () => texts["New comment on {0}", notice.Post.Title]),
    };

    public SmsText SmsText(CommentNotification notice)
    {
        using var culture = new CultureScope(notice.Culture);
        var unnamed = SmsText(notice, texts["Someone"]);
        var name = Shorten(notice.Comment.AuthorName);
        return TypedText.IsSeen(name) ? SmsText(notice, name) with { Name = name, Unnamed = unnamed } : unnamed;
    }

    private SmsText SmsText(CommentNotification notice, string name)
    {
        // The title stands between what the two texts put around it, so that it alone can be shortened.
        var sentence = notice.IsReplyToRecipient
            ? texts["{0} answered you on \"{1}\":", name, Mark].Value
            : texts["{0} commented on \"{1}\":", name, Mark].Value;
        var parts = sentence.Split(Mark);
        return new SmsText(parts[0], notice.Post.Title, parts[1] + " ", links.ShortComment(notice));
    }

    private static string Shorten(string name)
    {
        if (name.Length <= SmsNameLength)
        {
            return name;
        }

        // None is left of a name that begins with more accents than there is room for.
        var cut = StringInfo.ParseCombiningCharacters(name).Last(start => start <= SmsNameLength - 1);
        return cut == 0 ? "" : name[..cut].TrimEnd() + ".";
    }

    private Task<RenderedEmail> RenderAsync<TText, THtml>(CommentNotification notice, Func<string> subject)
        where TText : IComponent
        where THtml : IComponent =>
        mails.RenderAsync<TText, THtml>(notice.Culture, nameof(CommentEmail.Notification), notice, subject);
}
