namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>The channel cannot be opened; <see cref="Result"/> says why. Never leaves the transport.</summary>
public sealed class ChannelDownException(SendResult result) : Exception(result.Text)
{
    public SendResult Result { get; } = result;

    public static ChannelDownException Down(ChannelFault fault, string code, string text) => new(SendResult.ChannelDown(fault, code, text));
}
