using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Sms;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Outbox;

/// <summary>Decides who is told of a comment over which channel, and for each that is not, why.</summary>
internal sealed class DeliveryPlanner(NotificationSettings settings, EmailSettings email, SmsSettings sms, TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Moderators get one notice of what waits, and the next not sooner than this.</summary>
    private static readonly TimeSpan BetweenWaitingNotices = TimeSpan.FromMinutes(15);

    public async Task<List<Delivery>> PlanAsync(BlogDbContext db, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var commentIds = messages.Select(message => message.CommentId).Distinct().ToList();
        var comments = await db.Comments.AsNoTrackingWithIdentityResolution()
            .Include(comment => comment.Guest)
            .Include(comment => comment.Post).ThenInclude(post => post!.Author)
            .Include(comment => comment.Parent).ThenInclude(parent => parent!.Guest)
            .Where(comment => commentIds.Contains(comment.Id))
            .ToDictionaryAsync(comment => comment.Id, cancellationToken);
        var users = await LoadWritersAsync(db, comments.Values, cancellationToken);
        var plans = messages.OrderBy(message => message.Id)
            .SelectMany(message => message.Kind == OutboxKind.CommentHeld
                ? WaitingPlans(message, comments[message.CommentId], users)
                : Plans(comments[message.CommentId], users))
            .ToList();
        var facts = await LoadFactsAsync(db, plans, cancellationToken);
        return [.. plans.Select(plan => ToDelivery(plan, facts))];
    }

    private static async Task<Dictionary<Guid, BlogUser>> LoadWritersAsync(BlogDbContext db, IReadOnlyCollection<Comment> comments, CancellationToken cancellationToken)
    {
        var ids = comments.SelectMany(comment => new[] { comment.UserId, comment.Parent?.UserId }).OfType<Guid>().Distinct().ToList();
        return ids.Count == 0
            ? []
            : await db.Users.AsNoTracking().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id, cancellationToken);
    }

    private IEnumerable<Plan> Plans(Comment comment, Dictionary<Guid, BlogUser> users)
    {
        var list = new RecipientList();

        // First, so that a guest who turns out to be the author joins the account, which alone has a phone.
        list.Add(comment.Post!.Author!, RecipientRoles.PostAuthor);
        AddWriter(list, comment, RecipientRoles.Commenter, users);
        if (comment.Parent is { } parent)
        {
            AddWriter(list, parent, RecipientRoles.ParentAuthor, users);
        }

        foreach (var address in email.DefaultRecipients)
        {
            list.AddEmail(address, RecipientRoles.DefaultRecipient);
        }

        foreach (var number in sms.DefaultNumbers)
        {
            list.AddPhone(number, RecipientRoles.DefaultRecipient);
        }

        foreach (var recipient in list.Recipients)
        {
            foreach (var channel in recipient.Channels)
            {
                yield return new Plan(comment, recipient, channel, NotificationEvent.CommentPublished);
            }
        }

        if (comment is { NotifyReplies: true, Guest: { NormalizedEmail: not null, EmailConfirmedAt: null } guest })
        {
            yield return new Plan(comment, list.Recipients.First(recipient => recipient.Key == RecipientKey.OfGuest(guest.Id)), NotificationChannel.Email, NotificationEvent.ConfirmAddress);
        }
    }

    /// <summary>Comments that wait are reported by mail only: an SMS for every spam comment would cost money.</summary>
    private IEnumerable<Plan> WaitingPlans(OutboxMessage message, Comment comment, Dictionary<Guid, BlogUser> users)
    {
        var list = new RecipientList();
        list.Add(comment.Post!.Author!, RecipientRoles.PostAuthor);
        AddWriter(list, comment, RecipientRoles.Commenter, users);
        foreach (var address in email.DefaultRecipients)
        {
            list.AddEmail(address, RecipientRoles.DefaultRecipient);
        }

        return list.Recipients.Where(recipient => recipient.Channels.Contains(NotificationChannel.Email))
            .Select(recipient => new Plan(comment, recipient, NotificationChannel.Email, NotificationEvent.CommentHeld, message.EventNumber));
    }

    private static void AddWriter(RecipientList list, Comment comment, RecipientRoles role, Dictionary<Guid, BlogUser> users)
    {
        if (comment.UserId is { } userId && users.TryGetValue(userId, out var user))
        {
            list.Add(user, role);
        }
        else if (comment.Guest is { } guest)
        {
            list.Add(guest, role, comment.NotifyReplies);
        }
    }

    private async Task<Facts> LoadFactsAsync(BlogDbContext db, List<Plan> plans, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Day;
        var addresses = plans.Select(plan => plan.Recipient.NormalizedAddress(plan.Channel)).OfType<string>().Distinct().ToList();
        var suppressed = await SuppressionList.ReadAsync(db, addresses, time.GetUtcNow(), cancellationToken);

        var smsKeys = plans.Where(plan => plan.Channel == NotificationChannel.Sms).Select(plan => plan.Recipient.Key).Distinct().ToList();
        var smsCounts = smsKeys.Count == 0 || sms.DailyLimitPerRecipient == 0
            ? []
            : await db.Deliveries
                .Where(delivery => smsKeys.Contains(delivery.RecipientKey) && delivery.CreatedAt > since
                    && delivery.Channel == NotificationChannel.Sms && delivery.State != DeliveryState.NotSent)
                .GroupBy(delivery => delivery.RecipientKey)
                .Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);

        return new Facts(
            suppressed,
            smsCounts,
            await LoadUnansweredAsync(db, plans, since, cancellationToken),
            await LoadPresentAsync(db, plans, cancellationToken),
            await LoadWaitingNoticesAsync(db, plans, cancellationToken));
    }

    /// <summary>
    /// Addresses with a question that nobody answered. By address, not by guest: a stranger with many cookies must not fill a mailbox with
    /// questions. Its owner, who answers, is asked again the same day when another browser uses it.
    /// </summary>
    private static async Task<HashSet<string>> LoadUnansweredAsync(BlogDbContext db, List<Plan> plans, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var addresses = plans.Where(plan => plan.Event == NotificationEvent.ConfirmAddress).Select(plan => plan.Recipient.NormalizedEmail!).Distinct().ToList();
        var asked = addresses.Count == 0
            ? []
            : await db.Deliveries.AsNoTracking()
                .Where(delivery => addresses.Contains(delivery.AskedAddress!) && delivery.CreatedAt > since && delivery.State != DeliveryState.NotSent)
                .Select(delivery => new { Address = delivery.AskedAddress!, delivery.RecipientKey })
                .ToListAsync(cancellationToken);
        var guestIds = asked.Select(question => RecipientKey.GuestId(question.RecipientKey)).OfType<Guid>().Distinct().ToList();
        var answered = guestIds.Count == 0
            ? []
            : await db.Guests.Where(guest => guestIds.Contains(guest.Id) && guest.EmailConfirmedAt != null)
                .Select(guest => new { guest.Id, guest.NormalizedEmail }).ToListAsync(cancellationToken);
        return
        [
            .. asked.Where(question => !answered.Exists(guest => RecipientKey.OfGuest(guest.Id) == question.RecipientKey && guest.NormalizedEmail == question.Address))
                .Select(question => question.Address),
        ];
    }

    private async Task<Dictionary<(Guid, string), DateTimeOffset>> LoadPresentAsync(BlogDbContext db, List<Plan> plans, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = plans.Where(plan => plan.Event == NotificationEvent.CommentPublished).Select(plan => plan.Recipient.Key).Distinct().ToList();
        var readers = keys.Count == 0
            ? []
            : await db.ThreadReaders.AsNoTracking().Where(reader => keys.Contains(reader.RecipientKey) && reader.Until > now).ToListAsync(cancellationToken);
        return readers.GroupBy(reader => (reader.PostId, reader.RecipientKey)).ToDictionary(group => group.Key, group => group.Max(reader => reader.Until));
    }

    private async Task<List<HeldNotifications>> LoadWaitingNoticesAsync(BlogDbContext db, List<Plan> plans, CancellationToken cancellationToken)
    {
        var keys = plans.Where(plan => plan.Event == NotificationEvent.CommentHeld).Select(plan => plan.Recipient.Key).Distinct().ToList();
        var now = time.GetUtcNow();
        var since = now - BetweenWaitingNotices;
        var rows = keys.Count == 0
            ? []
            : await db.Deliveries.AsNoTracking()
                .Where(delivery => keys.Contains(delivery.RecipientKey) && delivery.Event == NotificationEvent.CommentHeld
                    && (delivery.State == DeliveryState.Pending || (delivery.State == DeliveryState.Accepted && delivery.FinishedAt > since)))
                .Select(delivery => new { delivery.RecipientKey, delivery.State, delivery.LeaseOwner, delivery.FinishedAt })
                .ToListAsync(cancellationToken);

        // One already leased by a sender may be rendered already and would not include this comment, so it counts as sent.
        return [.. rows.GroupBy(row => row.RecipientKey).Select(group => new HeldNotifications(
            group.Key,
            group.Any(row => row.State == DeliveryState.Pending && row.LeaseOwner is null),
            group.Any(row => row.LeaseOwner is not null) ? now : group.Max(row => row.FinishedAt)))];
    }

    private Delivery ToDelivery(Plan plan, Facts facts)
    {
        var now = time.GetUtcNow();
        var delivery = new Delivery
        {
            CommentId = plan.Comment.Id,
            Event = plan.Event,
            EventNumber = plan.EventNumber,
            RecipientKey = plan.Recipient.Key,
            Channel = plan.Channel,
            CreatedAt = now,
            AskedAddress = plan.Event == NotificationEvent.ConfirmAddress ? plan.Recipient.NormalizedEmail : null,
            DueAt = DueAt(plan, facts, now),
        };
        return ReasonAgainst(plan, facts) is { } reason ? delivery.NotSent(reason, now) : delivery;
    }

    /// <summary>Removed a moment ago by its writer, who may take that back: decided when the notice is due, which is then.</summary>
    private bool IsRestorable(Comment comment) => comment.RestorableUntil > time.GetUtcNow();

    private DateTimeOffset DueAt(Plan plan, Facts facts, DateTimeOffset now)
    {
        if (IsRestorable(plan.Comment))
        {
            return plan.Comment.RestorableUntil!.Value;
        }

        if (plan.Event == NotificationEvent.CommentHeld)
        {
            return facts.LastWaitingNotice(plan.Recipient.Key) is { } last ? last + BetweenWaitingNotices : now;
        }

        var due = plan.Event == NotificationEvent.CommentPublished ? plan.Comment.CreatedAt + settings.HoldFor : now;
        return facts.Present.TryGetValue((plan.Comment.PostId, plan.Recipient.Key), out var until) && until > due ? until : due;
    }

    private NotSentReason? ReasonAgainst(Plan plan, Facts facts)
    {
        var (comment, recipient, channel) = (plan.Comment, plan.Recipient, plan.Channel);
        var isAboutWaiting = plan.Event == NotificationEvent.CommentHeld;
        var address = recipient.NormalizedAddress(channel);
        var eligibility = new Eligibility(
            plan.Event,
            channel,
            IsRestorable(comment) || (isAboutWaiting ? comment is { Status: CommentStatus.Pending, RemovedAt: null } : comment.IsVisible),
            recipient,
            address,
            address is null ? null : facts.SuppressionOf(address, channel));
        if (eligibility.ReasonAgainst() is { } reason)
        {
            return reason;
        }

        if (channel == NotificationChannel.Email ? email.Transport == EmailTransportKind.None : sms.Transport == SmsTransportKind.None)
        {
            return NotSentReason.ChannelOff;
        }

        if (isAboutWaiting)
        {
            return facts.TakeWaitingNotice(recipient.Key) ? null : NotSentReason.Coalesced;
        }

        if (plan.Event == NotificationEvent.ConfirmAddress && !facts.Unanswered.Add(address!))
        {
            return NotSentReason.AskedRecently;
        }

        return channel == NotificationChannel.Sms && !facts.TakeSms(recipient.Key, sms.DailyLimitPerRecipient) ? NotSentReason.DailyLimit : null;
    }

    private sealed record Plan(Comment Comment, Recipient Recipient, NotificationChannel Channel, NotificationEvent Event, long EventNumber = 0);

    /// <param name="RecipientKey">A moderator.</param>
    /// <param name="IsPending">One that was not sent yet will tell of everything that waits by then.</param>
    /// <param name="LastSentAt">Of the last one within <see cref="BetweenWaitingNotices"/>; now while one is being sent.</param>
    private sealed record HeldNotifications(string RecipientKey, bool IsPending, DateTimeOffset? LastSentAt);

    /// <param name="Suppressed">By address and channel.</param>
    /// <param name="SmsCounts">Of the last day, by recipient.</param>
    /// <param name="Unanswered">Addresses that were asked to confirm themselves within the last day, and did not.</param>
    /// <param name="Present">By post and recipient, how long their sign of life holds.</param>
    /// <param name="HeldNotifications">Those that are on their way or were sent lately.</param>
    private sealed record Facts(
        Dictionary<(string, NotificationChannel), SuppressionReason> Suppressed,
        Dictionary<string, int> SmsCounts,
        HashSet<string> Unanswered,
        Dictionary<(Guid, string), DateTimeOffset> Present,
        List<HeldNotifications> HeldNotifications)
    {
        private readonly HashSet<string> _waitingNotices = [.. HeldNotifications.Where(notice => notice.IsPending).Select(notice => notice.RecipientKey)];

        /// <returns>False when another one tells of it as well.</returns>
        public bool TakeWaitingNotice(string key) => _waitingNotices.Add(key);

        public SuppressionReason? SuppressionOf(string address, NotificationChannel channel) =>
            Suppressed.TryGetValue((address, channel), out var reason) ? reason : null;

        public DateTimeOffset? LastWaitingNotice(string key) => HeldNotifications.Find(notice => notice.RecipientKey == key)?.LastSentAt;

        public bool TakeSms(string key, int limit)
        {
            var count = SmsCounts.GetValueOrDefault(key) + 1;
            SmsCounts[key] = count;
            return limit == 0 || count <= limit;
        }
    }
}
