namespace BlazorBlog.Support;

/// <summary>What the fake server does instead of its usual answer.</summary>
public abstract record FakeSmtpAction
{
    /// <summary>Closes the connection without a word.</summary>
    public static FakeSmtpAction Drop { get; } = new DropAction();

    /// <summary>Never answers.</summary>
    public static FakeSmtpAction Hang { get; } = new HangAction();

    /// <summary>At the final dot: takes the mail, then closes the connection without saying so.</summary>
    public static FakeSmtpAction AcceptAndDrop { get; } = new AcceptAndDropAction();

    /// <summary>At the final dot: takes the mail, then never says so.</summary>
    public static FakeSmtpAction AcceptAndHang { get; } = new AcceptAndHangAction();

    /// <summary>Answers these lines, separated by line feeds; after 421 the connection is closed.</summary>
    public static FakeSmtpAction Reply(string lines) => new ReplyAction(lines);

    public static implicit operator FakeSmtpAction(string lines) => Reply(lines);

    public sealed record DropAction : FakeSmtpAction;

    public sealed record HangAction : FakeSmtpAction;

    public sealed record AcceptAndDropAction : FakeSmtpAction;

    public sealed record AcceptAndHangAction : FakeSmtpAction;

    public sealed record ReplyAction(string Lines) : FakeSmtpAction;
}
