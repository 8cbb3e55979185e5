using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Support;

/// <summary>Keeps what the webhooks let through.</summary>
public sealed class RecordingDeliveryReports : IDeliveryReports
{
    public Recorded<DeliveryReport> Reports { get; } = new();

    /// <summary>Numbers that opted out (false) or in (true).</summary>
    public Recorded<(string Phone, bool In)> Choices { get; } = new();

    public bool IsUntouched => Reports.Items.Count == 0 && Choices.Items.Count == 0;

    public Task ApplyAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken cancellationToken)
    {
        foreach (var report in reports)
        {
            Reports.Add(report);
        }

        return Task.CompletedTask;
    }

    public Task OptOutAsync(string phone, CancellationToken cancellationToken)
    {
        Choices.Add((phone, false));
        return Task.CompletedTask;
    }

    public Task OptInAsync(string phone, CancellationToken cancellationToken)
    {
        Choices.Add((phone, true));
        return Task.CompletedTask;
    }
}
