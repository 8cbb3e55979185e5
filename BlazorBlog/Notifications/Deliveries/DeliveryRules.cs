using BlazorBlog.Accounts;
using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>What follows from the outcome of an attempt of one channel: the next moment, or the final state.</summary>
internal sealed class DeliveryRules(INotificationSender sender, ChannelCircuit circuit, NotificationSettings settings)
{
    /// <returns>What to write instead of sending, or null when the delivery may be sent.</returns>
    public DeliveryResult? Before(Delivery delivery, NotSentReason? reason, DateTimeOffset now)
    {
        if (reason is { } against)
        {
            if (delivery.SendStartedAt is null)
            {
                return new DeliveryResult(delivery, row => row.NotSent(against, now));
            }

            // It may have been sent before it was withdrawn, so the ledger must not record it as not sent.
            var perhapsSent = SendResult.Unknown("withdrawn", $"An earlier attempt may have reached the provider; not tried again: {against}.");
            return new DeliveryResult(delivery, row => row.LeaveUnknown(perhapsSent, now), DeliveryAttempt.Of(delivery, perhapsSent, now));
        }

        if (delivery.AbandonedLeases >= settings.MaxCrashes)
        {
            var crashed = SendResult.Permanent("crashed", $"The process died on this notice {delivery.AbandonedLeases} times.") with { IsOurFault = true };
            return new DeliveryResult(
                delivery,
                row => (delivery.SendStartedAt is null ? row.Fail : (Action<SendResult, DateTimeOffset>)row.LeaveUnknown)(crashed, now),
                DeliveryAttempt.Of(delivery, crashed, now));
        }

        return circuit.Allowed(1) == 0 && circuit.RestsUntil is { } rests
            ? new DeliveryResult(delivery, row => row.Release(rests))
            : null;
    }

    /// <summary>After a call of the provider.</summary>
    /// <param name="delivery">As claimed.</param>
    /// <param name="result">The outcome; what it says of the channel opens or closes the circuit.</param>
    /// <param name="now">The moment of the outcome.</param>
    /// <param name="address">Where it went, to be suppressed if the provider says never.</param>
    public DeliveryResult Complete(Delivery delivery, SendResult result, DateTimeOffset now, string? address = null)
    {
        var attempt = DeliveryAttempt.Of(delivery, result, now);
        if (result.Outcome == SendOutcome.ChannelDown)
        {
            var rests = circuit.Open(result.Fault ?? ChannelFault.Connection, result.RetryAfter);
            return new DeliveryResult(
                delivery,
                rests > Deadline(delivery) ? row => row.Expire(result, now) : row => row.WaitForChannelUntil(rests, result),
                attempt);
        }

        if (result.Code != "exception")
        {
            circuit.Close();
        }

        var next = NextAttempt(delivery, result, now);
        return result.Outcome switch
        {
            SendOutcome.Accepted => new DeliveryResult(delivery, row => row.Accept(result, now), attempt),
            SendOutcome.Permanent => new DeliveryResult(delivery, row => row.Fail(result, now), attempt, SuppressionOf(result, address, now)),
            SendOutcome.Unknown when sender.RequiresDeduplication => new DeliveryResult(delivery, AskAgain(result, now, next), attempt),
            _ => new DeliveryResult(delivery, next is { } due ? row => row.RetryAt(due, result) : row => row.Expire(result, now), attempt),
        };
    }

    /// <summary>After a fault of ours before the provider was called: of an earlier attempt nothing new is known.</summary>
    public DeliveryResult CompleteUncalled(Delivery delivery, SendResult failure, DateTimeOffset now) => delivery.SendStartedAt is null || !sender.RequiresDeduplication
        ? Complete(delivery, failure, now)
        : CompleteReconciliation(delivery, failure, now);

    /// <summary>After the provider was asked whether an earlier attempt reached it.</summary>
    public DeliveryResult CompleteReconciliation(Delivery delivery, SendResult found, DateTimeOffset now, string? address = null)
    {
        var attempt = DeliveryAttempt.Of(delivery, found, now);
        switch (found.Outcome)
        {
            case SendOutcome.Accepted:
                circuit.Close();
                return new DeliveryResult(delivery, row => row.Accept(found, now), attempt);
            case SendOutcome.Permanent:
                return new DeliveryResult(delivery, row => row.Fail(found, now), attempt, SuppressionOf(found, address, now));
            case SendOutcome.Unknown:
                return new DeliveryResult(delivery, row => row.LeaveUnknown(found, now), attempt);
            case SendOutcome.ChannelDown:
                var rests = circuit.Open(found.Fault ?? ChannelFault.Connection, found.RetryAfter);
                return new DeliveryResult(delivery, AskAgain(found, now, rests > Deadline(delivery) ? null : rests), attempt);
            default:
                return new DeliveryResult(delivery, AskAgain(found, now, NextAttempt(delivery, found, now)), attempt);
        }
    }

    private DateTimeOffset Deadline(Delivery delivery) => delivery.CreatedAt + sender.ExpiresAfter;

    private DateTimeOffset? NextAttempt(Delivery delivery, SendResult result, DateTimeOffset now) =>
        RetrySchedule.Next(delivery.Attempts + 1, result.RetryAfter, Random.Shared.NextDouble(), now, Deadline(delivery));

    private static Action<Delivery> AskAgain(SendResult result, DateTimeOffset now, DateTimeOffset? next) =>
        next is { } due ? row => row.AskAgainAt(due, result) : row => row.LeaveUnknown(result, now);

    private Suppression? SuppressionOf(SendResult result, string? address, DateTimeOffset now) =>
        // Not for account mail: an address mistyped at sign-up must not suppress the thread notices of the mailbox's owner.
        result.Suppress is { } reason && address is not null && sender.Priority == DeliveryPriority.Normal
            ? Suppression.Of(sender.Channel == NotificationChannel.Email ? EmailAddress.Normalize(address) : address, sender.Channel, reason, now)
            : null;
}
