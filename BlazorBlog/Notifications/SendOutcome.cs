namespace BlazorBlog.Notifications;

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
