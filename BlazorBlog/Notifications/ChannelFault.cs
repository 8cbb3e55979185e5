namespace BlazorBlog.Notifications;

/// <summary>Why a channel is down: decides how long it rests before it is tried again.</summary>
public enum ChannelFault
{
    Connection,
    Authentication,
    Quota,
    Configuration,
}
