namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>How far a connection, then a mail, has come: the same answer means different things at different stages.</summary>
public enum SmtpStage
{
    /// <summary>Greeting, EHLO and STARTTLS.</summary>
    Connect,
    Auth,
    Sender,

    /// <summary>The sender was accepted.</summary>
    Recipient,

    /// <summary>The recipient was accepted: from here on, a mail whose answer is lost may have been taken.</summary>
    Data,

    /// <summary>The final dot was answered.</summary>
    Content,
}
