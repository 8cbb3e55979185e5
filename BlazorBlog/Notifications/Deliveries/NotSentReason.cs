namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Why a notice was deliberately not sent.</summary>
public enum NotSentReason
{
    /// <summary>The recipient wrote the comment.</summary>
    OwnComment,

    /// <summary>The recipient has no address on this channel.</summary>
    NoAddress,

    /// <summary>The address was never confirmed by its owner.</summary>
    Unverified,

    /// <summary>The guest did not ask for replies.</summary>
    NotAsked,

    /// <summary>The channel has no transport.</summary>
    ChannelOff,

    /// <summary>The person stopped these messages, or complained about them.</summary>
    OptedOut,

    /// <summary>The address does not exist or cannot receive.</summary>
    Undeliverable,

    /// <summary>The comment was removed before the notice was sent.</summary>
    Removed,

    /// <summary>The number already got its <c>Sms:DailyLimitPerRecipient</c>.</summary>
    DailyLimit,

    /// <summary>The address was asked to confirm itself within the last day, and its owner has not answered yet.</summary>
    AskedRecently,

    /// <summary>The recipient read it in the open thread.</summary>
    SeenLive,

    /// <summary>Another notice that was about to be sent tells of it as well.</summary>
    Coalesced,

    /// <summary>No comment waited any more when the notice was to be sent.</summary>
    NothingWaits,

    /// <summary>The code or link was used, or is too old.</summary>
    Outdated,
}
