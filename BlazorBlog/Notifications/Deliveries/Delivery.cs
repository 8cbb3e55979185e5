using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorBlog.Notifications.Deliveries;

/// <summary>
/// One notice to one person over one channel, with its history: the ledger's row. Changed only by its methods; the lease columns
/// are concurrency tokens, so a node that lost its lease cannot overwrite the result of the node that took it over.
/// </summary>
public sealed class Delivery
{
    public const int MaxKeyLength = 320;

    public const int MaxProviderIdLength = 128;

    public const int MaxCodeLength = 64;

    public const int MaxTextLength = 500;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>What it is about; null with <see cref="NotificationEvent.Account"/>.</summary>
    public Guid? CommentId { get; init; }

    public required NotificationEvent Event { get; init; }

    /// <summary>Tells one hold of a comment from the next; that of its outbox message.</summary>
    public long EventNumber { get; init; }

    /// <summary><c>user:{id}</c>, <c>guest:{id}</c>, <c>email:{normalized}</c> or <c>phone:{E.164}</c>.</summary>
    public required string RecipientKey { get; init; }

    public required NotificationChannel Channel { get; init; }

    public DeliveryPriority Priority { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The normalised address that is asked to confirm itself; the guest may use another by the time it is sent.</summary>
    public string? AskedAddress { get; init; }

    public DeliveryState State { get; private set; }

    /// <summary>Why it was not sent, when <see cref="State"/> is <see cref="DeliveryState.NotSent"/>.</summary>
    public NotSentReason? Reason { get; private set; }

    /// <summary>Not before this moment.</summary>
    public required DateTimeOffset DueAt { get; set; }

    public Guid? LeaseOwner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Raised by each claim.</summary>
    public int LeaseVersion { get; private set; }

    /// <summary>Attempts that a provider refused temporarily.</summary>
    public int Attempts { get; private set; }

    /// <summary>Attempts that were begun and never ended: the process died, or hung, in each of them.</summary>
    public int AbandonedLeases { get; private set; }

    /// <summary>
    /// Written on its own just before a provider is called, and taken away by a known result. A claimed row that still has it was perhaps
    /// sent; a provider of SMS is asked before it is sent again.
    /// </summary>
    public DateTimeOffset? SendStartedAt { get; private set; }

    public string? ProviderId { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>The provider's code of the last attempt or report.</summary>
    public string? LastCode { get; private set; }

    public string? LastText { get; private set; }

    public List<DeliveryAttempt> History { get; init; } = [];

    public bool IsFinished => State != DeliveryState.Pending;

    /// <summary>A failed save leaves its object changed; a repeated one starts from another copy.</summary>
    public Delivery Copy() => (Delivery)MemberwiseClone();

    /// <summary>Creates a row already leased to the node that writes it, so that it need not be claimed.</summary>
    public Delivery LeasedTo(Guid owner, DateTimeOffset until)
    {
        LeaseOwner = owner;
        LeaseUntil = until;
        LeaseVersion = 1;
        return this;
    }

    /// <summary>The same node took its own lapsed lease again: its results are written under the new version.</summary>
    public void ClaimedAgain(Delivery claimed) => (LeaseUntil, LeaseVersion) = (claimed.LeaseUntil, claimed.LeaseVersion);

    public Delivery NotSent(NotSentReason reason, DateTimeOffset now)
    {
        Reason = reason;
        Finish(DeliveryState.NotSent, now);
        return this;
    }

    public void StartedSending(DateTimeOffset now) => SendStartedAt = now;

    public void Accept(SendResult result, DateTimeOffset now)
    {
        ProviderId = Cut(result.ProviderId, MaxProviderIdLength);
        Note(result);
        Finish(DeliveryState.Accepted, now);
    }

    public void Fail(SendResult result, DateTimeOffset now)
    {
        Note(result);
        Finish(DeliveryState.Failed, now);
    }

    public void LeaveUnknown(SendResult result, DateTimeOffset now)
    {
        Note(result);
        Finish(DeliveryState.OutcomeUnknown, now);
    }

    public void Expire(SendResult result, DateTimeOffset now)
    {
        Note(result);
        Finish(DeliveryState.Expired, now);
    }

    /// <summary>A temporary refusal of this notice: the attempt counts.</summary>
    public void RetryAt(DateTimeOffset due, SendResult result)
    {
        Attempts++;
        SendStartedAt = null;
        Postpone(due, result);
    }

    /// <summary>The outcome is not known: the attempt counts, and the mark that it began stays.</summary>
    public void AskAgainAt(DateTimeOffset due, SendResult result)
    {
        Attempts++;
        Postpone(due, result);
    }

    /// <summary>The channel was down: the attempt is given back.</summary>
    public void WaitForChannelUntil(DateTimeOffset due, SendResult result)
    {
        SendStartedAt = null;
        Postpone(due, result);
    }

    /// <summary>Given back untouched, for another node or a later moment.</summary>
    public void Release(DateTimeOffset due)
    {
        DueAt = due;
        LeaseOwner = null;
        LeaseUntil = null;
    }

    /// <summary>
    /// What the provider reported by itself. It may come before the answer to our call was written down, and an older report after a newer
    /// one; the state only ever moves forward.
    /// </summary>
    /// <returns>Whether anything changed.</returns>
    public bool Report(DeliveryState state, string? providerId, string? code, string? text, DateTimeOffset now)
    {
        if (Rank(state) <= Rank(State))
        {
            return false;
        }

        ProviderId ??= Cut(providerId, MaxProviderIdLength);
        LastCode = Cut(code, MaxCodeLength);
        LastText = Cut(text, MaxTextLength);
        Finish(state, now);
        return true;
    }

    private static int Rank(DeliveryState state) => state switch
    {
        DeliveryState.Pending => 0,
        DeliveryState.OutcomeUnknown => 1,
        DeliveryState.Accepted => 2,
        _ => 3,
    };

    private void Postpone(DateTimeOffset due, SendResult result)
    {
        Note(result);
        Release(due);
    }

    private void Note(SendResult result)
    {
        LastCode = Cut(result.Code, MaxCodeLength);
        LastText = Cut(result.Text, MaxTextLength);
    }

    private void Finish(DeliveryState state, DateTimeOffset now)
    {
        State = state;
        FinishedAt = now;
        SendStartedAt = null;
        LeaseOwner = null;
        LeaseUntil = null;
    }

    /// <summary>Fits a provider's text into its column, without NUL and lone surrogates: PostgreSQL refuses both.</summary>
    internal static string? Cut(string? text, int length)
    {
        var whole = text?.Replace("\0", "", StringComparison.Ordinal);
        return whole is null || whole.Length <= length ? whole
            : char.IsHighSurrogate(whole[length - 1]) ? whole[..(length - 1)]
            : whole[..length];
    }
}

public enum DeliveryState
{
    /// <summary>To be sent, or being sent while its lease lives.</summary>
    Pending,

    /// <summary>The provider took it.</summary>
    Accepted,

    /// <summary>The provider reported that it reached the person.</summary>
    Delivered,

    /// <summary>The provider took it and reported later that it could not deliver.</summary>
    Undelivered,

    /// <summary>The provider refused permanently.</summary>
    Failed,

    /// <summary>Still refused temporarily when the channel's horizon was reached.</summary>
    Expired,

    /// <summary>Possibly sent, and the provider cannot confirm it; not sent again.</summary>
    OutcomeUnknown,

    /// <summary>Deliberately not sent; the reason stands beside it.</summary>
    NotSent,
}

public enum NotificationChannel
{
    Email,
    Sms,
}

/// <summary>What a notice is about.</summary>
public enum NotificationEvent
{
    CommentPublished,

    /// <summary>A guest is asked to confirm the address for replies.</summary>
    ConfirmAddress,

    /// <summary>Comments wait for a moderator; one notice tells of all that wait.</summary>
    CommentHeld,

    /// <summary>A code, a link or a change of the recipient's account.</summary>
    Account,
}

/// <summary>Each priority has its own queue, so that a mail with a code does not wait behind a thread's notices.</summary>
public enum DeliveryPriority
{
    Normal,

    /// <summary>Mail about an account.</summary>
    Account,
}

internal sealed class DeliveryMapping : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.Property(d => d.Id).ValueGeneratedNever();
        delivery.Property(d => d.RecipientKey).HasMaxLength(Delivery.MaxKeyLength);
        delivery.Property(d => d.AskedAddress).HasMaxLength(EmailAddress.MaxLength);
        delivery.HasIndex(d => new { d.AskedAddress, d.CreatedAt }).HasFilter("\"AskedAddress\" IS NOT NULL");
        delivery.Property(d => d.ProviderId).HasMaxLength(Delivery.MaxProviderIdLength);
        delivery.Property(d => d.LastCode).HasMaxLength(Delivery.MaxCodeLength);
        delivery.Property(d => d.LastText).HasMaxLength(Delivery.MaxTextLength);
        delivery.Property(d => d.LeaseOwner).IsConcurrencyToken();
        delivery.Property(d => d.LeaseVersion).IsConcurrencyToken();
        delivery.Ignore(d => d.IsFinished);
        delivery.HasIndex(d => new { d.CommentId, d.Event, d.EventNumber, d.RecipientKey, d.Channel }).IsUnique();
        delivery.HasIndex(d => new { d.State, d.Channel, d.Priority, d.DueAt });
        delivery.HasIndex(d => d.ProviderId);
        delivery.HasIndex(d => new { d.RecipientKey, d.CreatedAt });
        delivery.HasOne<Comment>().WithMany().HasForeignKey(d => d.CommentId).OnDelete(DeleteBehavior.Restrict);
        delivery.HasMany(d => d.History).WithOne().HasForeignKey(a => a.DeliveryId).OnDelete(DeleteBehavior.Cascade);
    }
}
