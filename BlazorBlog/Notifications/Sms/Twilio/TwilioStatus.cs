using System.Globalization;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>Reads the fields of Twilio's status callback (https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).</summary>
internal static class TwilioStatus
{
    /// <summary>The report, or null when the status is none that concerns a sent message; Twilio adds new ones at any time.</summary>
    /// <param name="form">The signed fields.</param>
    /// <param name="deliveryId">From the callback's query.</param>
    public static DeliveryReport? Read(IFormCollection form, Guid? deliveryId)
    {
        string? status = form["MessageStatus"], error = form["ErrorCode"], text = form["ErrorMessage"];
        if (Rank(status) is not { } rank)
        {
            return null;
        }

        return rank == DeliveryReportStatus.Failed
            ? new DeliveryReport(form["MessageSid"], deliveryId, rank, error ?? status, text) { Failure = TwilioErrors.Failure(Number(error), text) }
            : new DeliveryReport(form["MessageSid"], deliveryId, rank, status, text);
    }

    private static DeliveryReportStatus? Rank(string? status) => status switch
    {
        "accepted" or "scheduled" or "queued" or "sending" => DeliveryReportStatus.Accepted,
        "sent" => DeliveryReportStatus.Sent,
        "delivered" or "partially_delivered" or "read" => DeliveryReportStatus.Delivered,
        "undelivered" or "failed" or "canceled" => DeliveryReportStatus.Failed,
        _ => null,
    };

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
