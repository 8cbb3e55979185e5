using System.Text.Json;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms.CoolSms;

/// <summary>Reads SOLAPI's report webhook and the message resources that stand behind it.</summary>
internal static class CoolSmsReport
{
    /// <summary>
    /// Ids of the messages that a webhook body speaks of, each once; null when it is not the documented array of events. Events about groups
    /// carry none.
    /// </summary>
    public static IReadOnlyList<string>? MessageIds(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind != JsonValueKind.Array ? null :
            [
                .. document.RootElement.EnumerateArray()
                    .Select(e => e.Member("data")?.Text("messageId"))
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The report of a message as the provider lists it; null when it has no status.</summary>
    public static DeliveryReport? Read(JsonElement message, Guid? deliveryId)
    {
        if (message.Text("statusCode") is not { } code)
        {
            return null;
        }

        var text = message.Text("statusMessage");
        var report = new DeliveryReport(message.Text("messageId"), deliveryId, Rank(code), code, text);
        return report.Status == DeliveryReportStatus.Failed ? report with { Failure = CoolSmsErrors.Classify(code, text) } : report;
    }

    private static DeliveryReportStatus Rank(string statusCode) => statusCode switch
    {
        "2000" => DeliveryReportStatus.Accepted,
        "3000" => DeliveryReportStatus.Sent,
        "4000" => DeliveryReportStatus.Delivered,
        _ => DeliveryReportStatus.Failed,
    };
}
