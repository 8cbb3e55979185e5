namespace BlazorBlog.Notifications.Sms;

/// <summary>Takes what the providers' webhooks say, once their origin is proved.</summary>
public interface IDeliveryReports
{
    /// <summary>Moves deliveries on, never backwards. Unknown ids are no error: an account may serve more than this blog.</summary>
    Task ApplyAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken cancellationToken);

    /// <summary>The holder of the number asked for no more messages.</summary>
    /// <param name="phone">E.164.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    Task OptOutAsync(string phone, CancellationToken cancellationToken);

    /// <summary>The holder of the number takes an earlier stop back.</summary>
    /// <param name="phone">E.164.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    Task OptInAsync(string phone, CancellationToken cancellationToken);
}
