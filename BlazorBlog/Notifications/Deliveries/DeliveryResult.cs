using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>Something learnt about a leased delivery, on its way to the ledger.</summary>
/// <param name="Delivery">As it was claimed.</param>
/// <param name="Apply">The verb that moves it on.</param>
/// <param name="Attempt">The attempt to record, if a provider was called.</param>
/// <param name="Suppression">The address to write to no more.</param>
internal sealed record DeliveryResult(Delivery Delivery, Action<Delivery> Apply, DeliveryAttempt? Attempt = null, Suppression? Suppression = null);
