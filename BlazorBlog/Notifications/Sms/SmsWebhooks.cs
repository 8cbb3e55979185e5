using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace BlazorBlog.Notifications.Sms;

/// <summary>
/// What the providers call back. Nothing is applied before its origin is proved: Twilio's calls by their signature, CoolSMS's, which are not
/// signed, by asking CoolSMS itself. The routes of a provider that is not in use answer 404.
/// </summary>
public static partial class SmsWebhooks
{
    private const string TwilioInboundPath = "/webhooks/twilio/inbound";
    private const int FormLimit = 64 * 1024, ReportLimit = 1024 * 1024, MaxReports = 1000, Questions = 8;

    public static void MapSmsWebhooks(this IEndpointRouteBuilder routes)
    {
        // Anonymous to us: each proves itself by its provider's signature or secret.
        routes.MapPost(TwilioSmsTransport.StatusPath, TwilioStatusAsync).AllowAnonymous();
        routes.MapPost(TwilioInboundPath, TwilioInboundAsync).AllowAnonymous();
        routes.MapPost("/webhooks/coolsms/{secret}", CoolSmsAsync).AllowAnonymous();
    }

    private static async Task<IResult> TwilioStatusAsync(HttpContext context, SmsSettings settings, SiteSettings site, IDeliveryReports reports)
    {
        var (form, refusal) = await ReadTwilioAsync(context.Request, TwilioSmsTransport.StatusPath, settings, site);
        if (form is null)
        {
            return refusal!;
        }

        Guid? delivery = Guid.TryParse(context.Request.Query["delivery"], out var id) ? id : null;
        if (TwilioStatus.Read(form, delivery) is { } report)
        {
            await reports.ApplyAsync([report], context.RequestAborted);
        }

        return Results.NoContent();
    }

    private static async Task<IResult> TwilioInboundAsync(HttpContext context, SmsSettings settings, SiteSettings site, IDeliveryReports reports)
    {
        var (form, refusal) = await ReadTwilioAsync(context.Request, TwilioInboundPath, settings, site);
        if (form is null)
        {
            return refusal!;
        }

        // Advanced Opt-Out knows words of the owner's choice and tells what they meant. Short codes and WhatsApp addresses are no numbers of ours.
        string text = form["Body"].ToString(), type = form["OptOutType"].ToString(), from = form["From"].ToString();
        if (from.StartsWith('+') && PhoneNumber.TryParse(from, settings.DefaultRegion, out var sender))
        {
            if (type == "STOP" || OptOutWord.IsStop(text))
            {
                await reports.OptOutAsync(sender.E164, context.RequestAborted);
            }
            else if (type == "START" || OptOutWord.IsStart(text))
            {
                await reports.OptInAsync(sender.E164, context.RequestAborted);
            }
        }

        // Twilio itself answers its words; a second answer would cost a message and can start a loop.
        return Results.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>", "text/xml", Encoding.UTF8);
    }

    private static async Task<IResult> CoolSmsAsync(string secret, HttpContext context, SmsSettings settings, IServiceProvider services, IDeliveryReports reports, ILoggerFactory logs)
    {
        if (services.GetService<CoolSmsTransport>() is not { } transport || settings.CoolSms.WebhookSecret is not { } expected || !IsSame(secret, expected))
        {
            return Results.NotFound();
        }

        if (await ReadBodyAsync(context.Request, ReportLimit) is not { } body)
        {
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        if (CoolSmsReport.MessageIds(body) is not { Count: <= MaxReports } messageIds)
        {
            return Results.BadRequest();
        }

        var (confirmed, complete) = await ConfirmAsync(transport, messageIds, context.RequestAborted);
        await reports.ApplyAsync(confirmed, context.RequestAborted);
        if (complete)
        {
            return Results.NoContent();
        }

        LogUnconfirmed(logs.CreateLogger(typeof(SmsWebhooks)), messageIds.Count);
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    // Several questions at once: a report about a whole call must be answered before the provider loses patience.
    private static async Task<(IReadOnlyList<DeliveryReport> Confirmed, bool Complete)> ConfirmAsync(
        CoolSmsTransport transport, IReadOnlyList<string> messageIds, CancellationToken cancellationToken)
    {
        var confirmed = new ConcurrentQueue<DeliveryReport>();
        var complete = true;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Questions, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(messageIds, options, async (messageId, cancellation) =>
        {
            var (answered, report) = await transport.ReadAsync(messageId, cancellation);
            if (!answered)
            {
                Volatile.Write(ref complete, false);
            }
            else if (report is not null)
            {
                confirmed.Enqueue(report);
            }
        });
        return ([.. confirmed], complete);
    }

    /// <summary>The signed form, or why it is refused.</summary>
    private static async Task<(IFormCollection? Form, IResult? Refusal)> ReadTwilioAsync(HttpRequest request, string path, SmsSettings settings, SiteSettings site)
    {
        if (settings.Transport != SmsTransportKind.Twilio)
        {
            return (null, Results.NotFound());
        }

        if (!request.HasFormContentType)
        {
            return (null, Results.StatusCode(StatusCodes.Status415UnsupportedMediaType));
        }

        if (await ReadBodyAsync(request, FormLimit) is not { } body)
        {
            return (null, Results.StatusCode(StatusCodes.Status413PayloadTooLarge));
        }

        if (ReadForm(body) is not { } fields)
        {
            return (null, Results.BadRequest());
        }

        var url = site.Link(path).AbsoluteUri + request.QueryString.Value;
        return TwilioSignature.IsValid(settings.Twilio.AuthToken!, request.Headers[TwilioSignature.Header], url, fields, body.Span)
            ? (new FormCollection(fields), null)
            : (null, Results.StatusCode(StatusCodes.Status403Forbidden));
    }

    private static Dictionary<string, StringValues>? ReadForm(ReadOnlyMemory<byte> body)
    {
        try
        {
            return new FormReader(new MemoryStream(body.ToArray())).ReadForm();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The body; null when it is longer than the limit.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, int limit)
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

    // Hashes of equal length: the comparison tells nothing of the secret's length either.
    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    [LoggerMessage(LogLevel.Warning, "A report about {Count} SMS could not be confirmed with CoolSMS; it will be sent again")]
    private static partial void LogUnconfirmed(ILogger logger, int count);
}
