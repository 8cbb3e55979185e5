namespace BlazorBlog.Notifications.Sms.Text;

/// <summary>The parts of a notice's text, of which only the title may be shortened.</summary>
/// <param name="Before">Text before the title, with the space that separates them.</param>
/// <param name="Title">The post's title.</param>
/// <param name="After">Text between the title and the link.</param>
/// <param name="Link">Never cut; follows after one space or line break, which is added when <paramref name="After"/> ends in neither.</param>
public sealed record SmsText(string Before, string Title, string After, Uri Link)
{
    /// <summary>The name in the text, for an encoding that may not show it.</summary>
    public string? Name { get; init; }

    /// <summary>The same text of somebody without a name.</summary>
    public SmsText? Unnamed { get; init; }

    /// <summary>The text as it is read, with <see cref="Title"/> as it stands.</summary>
    public override string ToString()
    {
        var opening = Before + Title + After;
        return opening.Length == 0 || char.IsWhiteSpace(opening[^1]) ? opening + LinkText : $"{opening} {LinkText}";
    }

    /// <summary>Percent-encoded and with a punycode host: a link in ASCII never forces a dearer encoding on the whole message.</summary>
    public string LinkText => new UriBuilder(Link) { Host = Link.IdnHost }.Uri.AbsoluteUri;
}

/// <summary>How a text travels and what it costs.</summary>
/// <param name="Encoding">E.g. <c>GSM-7</c>, <c>UCS-2</c>, <c>EUC-KR SMS</c>, <c>EUC-KR LMS</c>.</param>
/// <param name="Length">Septets, UTF-16 units or bytes, as the encoding counts.</param>
/// <param name="Segments">Billed messages.</param>
public sealed record SmsSize(string Encoding, int Length, int Segments);
