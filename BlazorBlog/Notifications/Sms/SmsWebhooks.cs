using System.Buffers;
using BlazorBlog.Notifications.Sms.CoolSms;
using BlazorBlog.Notifications.Sms.Twilio;

namespace BlazorBlog.Notifications.Sms;

/// <summary>What the providers call back, without signing in. The routes of a provider that is not in use answer 404.</summary>
public static class SmsWebhooks
{
    public static void MapSmsWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapTwilioWebhooks();
        routes.MapCoolSmsWebhook();
    }

    /// <summary>The body; null when it is longer than the limit.</summary>
    internal static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
