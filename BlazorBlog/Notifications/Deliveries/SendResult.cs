using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>The typed outcome of one attempt, with what the provider said.</summary>
/// <param name="Outcome">What to do next.</param>
/// <param name="Code">The provider's code, e.g. <c>550 5.1.1</c>, <c>21610</c>, <c>1029</c>.</param>
/// <param name="Text">The provider's words or ours; never a secret, an address or a phone number of ours.</param>
public sealed record SendResult(SendOutcome Outcome, string? Code = null, string? Text = null)
{
    /// <summary>The provider's id of the accepted notice.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The provider's own wish when to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Set with <see cref="SendOutcome.ChannelDown"/>.</summary>
    public ChannelFault? Fault { get; init; }

    /// <summary>Set with <see cref="SendOutcome.Permanent"/> when the address gets no other notice either; see <see cref="Suppression"/> for how long.</summary>
    public SuppressionReason? Suppress { get; init; }

    public static SendResult Accepted(string? providerId = null, string? code = null, string? text = null) =>
        new(SendOutcome.Accepted, code, text) { ProviderId = providerId };

    public static SendResult Transient(string code, string? text = null, TimeSpan? retryAfter = null) =>
        new(SendOutcome.Transient, code, text) { RetryAfter = retryAfter };

    public static SendResult Permanent(string code, string? text = null, SuppressionReason? suppress = null) =>
        new(SendOutcome.Permanent, code, text) { Suppress = suppress };

    public static SendResult ChannelDown(ChannelFault fault, string code, string? text = null, TimeSpan? retryAfter = null) =>
        new(SendOutcome.ChannelDown, code, text) { Fault = fault, RetryAfter = retryAfter };

    public static SendResult Unknown(string code, string? text = null) => new(SendOutcome.Unknown, code, text);
}

/// <summary>What became of one attempt to hand a notice to a provider.</summary>
public enum SendOutcome
{
    /// <summary>The provider took responsibility for it.</summary>
    Accepted,

    /// <summary>Not taken now; the same notice may be taken later.</summary>
    Transient,

    /// <summary>Never will be taken.</summary>
    Permanent,

    /// <summary>The channel itself does not work (connection, credentials, quota, configuration); the notice is not to blame.</summary>
    ChannelDown,

    /// <summary>It may or may not have been taken: the answer was lost after everything was handed over.</summary>
    Unknown,
}

/// <summary>Why a channel is down: decides how long it rests before it is tried again.</summary>
public enum ChannelFault
{
    Connection,
    Authentication,
    Quota,
    Configuration,
}
