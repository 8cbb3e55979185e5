namespace BlazorBlog.Support;

/// <summary>How a fake provider answers a well-formed request to send.</summary>
public sealed record FakeAnswer
{
    private FakeAnswer()
    {
    }

    /// <summary>Takes the messages and says so.</summary>
    public static FakeAnswer Accept { get; } = new() { Accepts = true };

    /// <summary>Takes the messages, then says nothing until the caller gives up.</summary>
    public static FakeAnswer AcceptThenHang { get; } = new() { Accepts = true, Hangs = true };

    /// <summary>Takes the messages, then closes the connection.</summary>
    public static FakeAnswer AcceptThenDrop { get; } = new() { Accepts = true, Drops = true };

    /// <summary>Takes nothing and says nothing.</summary>
    public static FakeAnswer Hang { get; } = new() { Hangs = true };

    /// <summary>Takes nothing and closes the connection.</summary>
    public static FakeAnswer Drop { get; } = new() { Drops = true };

    /// <summary>Takes the messages, begins to say so, and closes the connection in the middle of a word.</summary>
    public static FakeAnswer AcceptThenBreakOff { get; } = new() { Accepts = true, BreaksOff = true };

    public bool Accepts { get; private init; }

    public bool Hangs { get; private init; }

    public bool Drops { get; private init; }

    public bool BreaksOff { get; private init; }

    /// <summary>HTTP status of a refusal.</summary>
    public int Status { get; private init; }

    /// <summary>The provider's error code or name; null for a body that is not the provider's.</summary>
    public string? Code { get; private init; }

    /// <summary>A body that no code describes.</summary>
    public string? Body { get; private init; }

    /// <summary>Value of the Retry-After header.</summary>
    public string? RetryAfter { get; private init; }

    /// <summary>Takes nothing and answers the provider's error, or an HTML page without a code.</summary>
    public static FakeAnswer Refuse(int status, string? code = null, string? retryAfter = null) =>
        new() { Status = status, Code = code, RetryAfter = retryAfter };

    /// <summary>Takes the messages, then fails behind its front door.</summary>
    public static FakeAnswer AcceptThenFail(int status) => new() { Accepts = true, Status = status };

    /// <summary>Takes the messages and answers with this body, said to be JSON.</summary>
    public static FakeAnswer AcceptThenSay(int status, string body) => new() { Accepts = true, Status = status, Body = body };
}
