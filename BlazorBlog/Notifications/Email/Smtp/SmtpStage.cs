namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>How far a conversation has come: the same reply means different things at different stages.</summary>
public enum SmtpStage
{
    Greeting,
    Hello,
    StartTls,
    Auth,
    Reset,
    Sender,
    Recipient,
    Data,

    /// <summary>The mail is being written; its final dot has not left yet.</summary>
    Content,

    /// <summary>The final dot has been written: from here on the server may have taken the mail.</summary>
    Handed,
}
