using System.Text;
using BlazorBlog.Notifications.Email;

namespace BlazorBlog.Support;

/// <summary>A mail that the fake server took.</summary>
public sealed record FakeSmtpMessage
{
    /// <summary>Envelope sender.</summary>
    public required string From { get; init; }

    /// <summary>Envelope recipients.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>What followed the address in MAIL, e.g. <c>SIZE=100 SMTPUTF8</c>.</summary>
    public required string MailParameters { get; init; }

    /// <summary>As sent, with the doubled dots made single again.</summary>
    public required byte[] Data { get; init; }

    /// <summary>The name in EHLO.</summary>
    public required string Hello { get; init; }

    /// <summary>Who had authenticated; null when nobody.</summary>
    public required string? Username { get; init; }

    public required bool OverTls { get; init; }

    /// <summary>RCPT and DATA had come before MAIL was answered.</summary>
    public required bool Pipelined { get; init; }

    /// <summary>Number of the connection, from 1.</summary>
    public required int Connection { get; init; }

    /// <summary>Timestamp of <see cref="TimeProvider.System"/> when the final dot had come.</summary>
    public required long ReceivedAt { get; init; }

    public EmlFile Mail => EmlFile.Parse(Data);

    public string Raw => Encoding.UTF8.GetString(Data);
}
