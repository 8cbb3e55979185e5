namespace BlazorBlog.Support;

/// <summary>A message that <see cref="FakeTwilioServer"/> took; a test may change what becomes of it.</summary>
public sealed class FakeTwilioMessage
{
    public required string Sid { get; init; }

    public required string To { get; init; }

    public string? From { get; init; }

    public string? MessagingServiceSid { get; init; }

    /// <summary>As listed: a trial account's messages begin with a line of Twilio's own.</summary>
    public required string Body { get; set; }

    public string? StatusCallback { get; init; }

    public required DateTimeOffset DateCreated { get; set; }

    public required string Status { get; set; }

    public int? ErrorCode { get; set; }
}
