namespace BlazorBlog.Support;

/// <summary>A message that <see cref="FakeSolapiServer"/> registered; a test may change what becomes of it.</summary>
public sealed class FakeSolapiMessage
{
    public required string MessageId { get; init; }

    public required string GroupId { get; init; }

    public required string To { get; init; }

    public required string From { get; init; }

    public required string Country { get; init; }

    public required string Text { get; init; }

    public required string Type { get; init; }

    public string? Subject { get; init; }

    /// <summary>Our delivery's id.</summary>
    public string? NotificationId { get; init; }

    public required DateTimeOffset DateCreated { get; set; }

    /// <summary>2000 taken, 3000 handed to the carrier, 4000 done, else an error.</summary>
    public required string StatusCode { get; set; }
}
