using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BlazorBlog.Notifications;

/// <summary>Activities and metrics of the way from the commit to the provider.</summary>
public static class NotificationTelemetry
{
    public const string Name = "BlazorBlog.Notifications";

    /// <summary>Outbox messages become deliveries.</summary>
    public const string FanOut = "fan-out";

    /// <summary>Due deliveries are leased to this node.</summary>
    public const string Claim = "claim";

    /// <summary>A provider is called.</summary>
    public const string Send = "send";

    /// <summary>Results become durable.</summary>
    public const string Mark = "mark";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Attempts = Meter.CreateCounter<long>("blog.notifications.attempts", "{attempt}", "Attempts by channel and outcome");

    public static readonly Histogram<double> HandOff = Meter.CreateHistogram<double>("blog.notifications.hand_off.duration", "s", "From the delivery's creation to the provider's yes");
}
