using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>SOLAPI's reports about sent messages. They are not signed: each is believed only as far as SOLAPI, asked itself, confirms it.</summary>
internal static partial class CoolSmsWebhook
{
    private const int ReportLimit = 1024 * 1024, MaxReports = 1000, Questions = 8;

    public static void MapCoolSmsWebhook(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/webhooks/coolsms/{secret}", ReportAsync).AllowAnonymous();

    private static async Task<IResult> ReportAsync(string secret, HttpContext context, SmsSettings settings, IServiceProvider services, IDeliveryReports reports, ILoggerFactory logs)
    {
        if (services.GetService<CoolSmsTransport>() is not { } transport || settings.CoolSms.WebhookSecret is not { } expected || !IsSame(secret, expected))
        {
            return Results.NotFound();
        }

        if (await SmsWebhooks.ReadBodyAsync(context.Request, ReportLimit) is not { } body)
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

        LogUnconfirmed(logs.CreateLogger(typeof(CoolSmsWebhook)), messageIds.Count);
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    // Several questions at once: a report about a whole call must be answered before the provider's timeout.
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

    // Hashes of equal length: the comparison tells nothing of the secret's length either.
    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    [LoggerMessage(LogLevel.Warning, "A report about {Count} SMS could not be confirmed with CoolSMS; it will be sent again")]
    private static partial void LogUnconfirmed(ILogger logger, int count);
}
