using System.Diagnostics;
using System.Diagnostics.Metrics;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications;

/// <summary>Activities and metrics of the way from the commit to the provider; listed in docs/operations.md.</summary>
public static class NotificationTelemetry
{
    public const string Name = "BlazorBlog.Notifications";

    /// <summary>An outbox message becomes deliveries.</summary>
    public const string FanOut = "fan-out";

    /// <summary>Due deliveries are leased to this node.</summary>
    public const string Claim = "claim";

    /// <summary>A provider is called for a notice.</summary>
    public const string Send = "send";

    /// <summary>Results become durable.</summary>
    public const string Mark = "mark";

    public const string ChannelTag = "blog.channel";

    /// <summary>Of a fan-out: deliveries that this node sends at once.</summary>
    public const string DeliveriesTag = "blog.deliveries";

    public const string OutcomeTag = "blog.outcome";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Attempts = Meter.CreateCounter<long>("blog.notifications.attempts", "{attempt}", "Attempts by channel and outcome");

    public static readonly Counter<long> LostLeases = Meter.CreateCounter<long>(
        "blog.notifications.leases.lost", "{lease}", "Deliveries that another node took over while this one worked on them");

    public static readonly Histogram<double> HandOff = Meter.CreateHistogram(
        "blog.notifications.hand_off.duration", "s", "From the delivery's creation to the provider's yes", advice: Durations.Advice);

    internal static KeyValuePair<string, object?> Channel(NotificationChannel channel) => new(ChannelTag, channel.ToString());
}
