using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>A mail cannot be sent; <see cref="Result"/> says why. Never leaves the transport.</summary>
public sealed class SendFailedException(SendResult result) : Exception(result.Text)
{
    public SendResult Result { get; } = result;

    public static SendFailedException ChannelDown(ChannelFault fault, string code, string text) => new(SendResult.ChannelDown(fault, code, text));
}
