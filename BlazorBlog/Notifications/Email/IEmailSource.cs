using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

/// <summary>What the mails of one priority say. Each source has a queue of its own in front of the one mail server.</summary>
public interface IEmailSource
{
    DeliveryPriority Priority { get; }

    /// <summary>Mails of this source that may be on their way to the server at once.</summary>
    int Parallelism { get; }

    /// <inheritdoc cref="INotificationSender.ReadAsync"/>
    Task<IReadOnlyList<LoadedNotification>> ReadAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Renders a notice of this source.</summary>
    Task<EmailMessage> ComposeAsync(Notification notice);
}
