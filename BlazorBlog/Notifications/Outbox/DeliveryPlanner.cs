using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Notifications.Outbox;

/// <summary>Decides who is told of a comment over which channel, and for each that is not, why.</summary>
internal sealed class DeliveryPlanner(NotificationSettings settings, EmailSettings email, SmsSettings sms, TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<List<Delivery>> PlanAsync(BlogDbContext db, IReadOnlyList<Guid> commentIds, CancellationToken cancellationToken)
    {
        var comments = await db.Comments.AsNoTrackingWithIdentityResolution()
            .Include(comment => comment.Guest)
            .Include(comment => comment.Post).ThenInclude(post => post!.Author)
            .Include(comment => comment.Parent).ThenInclude(parent => parent!.Guest)
            .Where(comment => commentIds.Contains(comment.Id))
            .ToListAsync(cancellationToken);
        var users = await LoadWritersAsync(db, comments, cancellationToken);
        var plans = comments.SelectMany(comment => Plans(comment, users)).ToList();
        var facts = await LoadFactsAsync(db, plans, cancellationToken);
        return [.. plans.Select(plan => ToDelivery(plan, facts))];
    }

    private static async Task<Dictionary<Guid, BlogUser>> LoadWritersAsync(BlogDbContext db, List<Comment> comments, CancellationToken cancellationToken)
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
                yield return new Plan(comment, recipient, channel, NoticeEvent.CommentPublished);
            }
        }

        if (comment is { NotifyReplies: true, Guest: { NormalizedEmail: not null, EmailConfirmedAt: null } guest })
        {
            yield return new Plan(comment, list.Recipients.First(recipient => recipient.Key == RecipientList.KeyOf(guest)), NoticeChannel.Email, NoticeEvent.ConfirmAddress);
        }
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
        var addresses = plans.Select(plan => plan.Recipient.Address(plan.Channel)).OfType<string>().Distinct().ToList();
        var suppressed = await db.Suppressions.AsNoTracking().Where(suppression => addresses.Contains(suppression.Address))
            .ToDictionaryAsync(suppression => (suppression.Address, suppression.Channel), suppression => suppression.Reason, cancellationToken);

        var smsKeys = plans.Where(plan => plan.Channel == NoticeChannel.Sms).Select(plan => plan.Recipient.Key).Distinct().ToList();
        var smsCounts = smsKeys.Count == 0 || sms.DailyLimitPerRecipient == 0
            ? []
            : await db.Deliveries
                .Where(delivery => smsKeys.Contains(delivery.RecipientKey) && delivery.CreatedAt > since
                    && delivery.Channel == NoticeChannel.Sms && delivery.State != DeliveryState.NotSent)
                .GroupBy(delivery => delivery.RecipientKey)
                .Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);

        // By address, not by guest: a stranger with many cookies must not fill a mailbox with questions.
        var unconfirmed = plans.Where(plan => plan.Event == NoticeEvent.ConfirmAddress).Select(plan => plan.Recipient.Email!).Distinct().ToList();
        var asked = unconfirmed.Count == 0
            ? []
            : await db.Deliveries
                .Where(delivery => unconfirmed.Contains(delivery.AskedAddress!) && delivery.CreatedAt > since && delivery.State != DeliveryState.NotSent)
                .Select(delivery => delivery.AskedAddress!)
                .ToHashSetAsync(cancellationToken);
        return new Facts(suppressed, smsCounts, asked);
    }

    private Delivery ToDelivery(Plan plan, Facts facts)
    {
        var now = time.GetUtcNow();
        var delivery = new Delivery
        {
            CommentId = plan.Comment.Id,
            Event = plan.Event,
            RecipientKey = plan.Recipient.Key,
            Channel = plan.Channel,
            CreatedAt = now,
            AskedAddress = plan.Event == NoticeEvent.ConfirmAddress ? plan.Recipient.Email : null,
            DueAt = plan.Event == NoticeEvent.CommentPublished ? plan.Comment.CreatedAt + settings.HoldFor : now,
        };
        return ReasonAgainst(plan, facts) is { } reason ? delivery.NotSent(reason, now) : delivery;
    }

    private NotSentReason? ReasonAgainst(Plan plan, Facts facts)
    {
        var (comment, recipient, channel) = (plan.Comment, plan.Recipient, plan.Channel);
        var isNotice = plan.Event == NoticeEvent.CommentPublished;
        if (!comment.IsVisible)
        {
            return NotSentReason.Removed;
        }

        if (isNotice && recipient.Roles.HasFlag(RecipientRoles.Commenter))
        {
            return NotSentReason.OwnComment;
        }

        if (isNotice && recipient.DidNotAsk && recipient.Roles == RecipientRoles.ParentAuthor)
        {
            return NotSentReason.NotAsked;
        }

        if (recipient.Address(channel) is not { } address)
        {
            return NotSentReason.NoAddress;
        }

        if (isNotice && !recipient.IsConfirmed(channel))
        {
            return NotSentReason.Unverified;
        }

        if (facts.Suppressed.TryGetValue((address, channel), out var suppression))
        {
            return suppression == SuppressionReason.Undeliverable ? NotSentReason.Undeliverable : NotSentReason.OptedOut;
        }

        if (channel == NoticeChannel.Email ? email.Transport == EmailTransportKind.None : sms.Transport == SmsTransportKind.None)
        {
            return NotSentReason.ChannelOff;
        }

        if (!isNotice && !facts.AskedRecently.Add(address))
        {
            return NotSentReason.AskedRecently;
        }

        return channel == NoticeChannel.Sms && !facts.TakeSms(recipient.Key, sms.DailyLimitPerRecipient) ? NotSentReason.DailyLimit : null;
    }

    private sealed record Plan(Comment Comment, Recipient Recipient, NoticeChannel Channel, NoticeEvent Event);

    private sealed record Facts(
        Dictionary<(string, NoticeChannel), SuppressionReason> Suppressed, Dictionary<string, int> SmsCounts, HashSet<string> AskedRecently)
    {
        public bool TakeSms(string key, int limit)
        {
            var count = SmsCounts.GetValueOrDefault(key) + 1;
            SmsCounts[key] = count;
            return limit == 0 || count <= limit;
        }
    }
}
