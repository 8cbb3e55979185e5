namespace BlazorBlog.Notifications.Notices;

/// <summary>A mail's words in the recipient's language.</summary>
public sealed record RenderedEmail(string Subject, string Text, string Html);
