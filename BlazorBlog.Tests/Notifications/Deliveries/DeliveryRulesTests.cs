using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Notifications.Deliveries;

public sealed class DeliveryRulesTests : IClassFixture<BlogFixture>
{
    private static readonly DateTimeOffset Now = FakeClock.Start;

    private readonly NotificationSettings _settings = new();
    private readonly ChannelCircuit _circuit = new(FakeClock.Standing());
    private readonly DeliveryRules _email;
    private readonly DeliveryRules _sms;

    public DeliveryRulesTests(BlogFixture fixture)
    {
        var services = fixture.Blog.Services;
        _email = Rules(ActivatorUtilities.CreateInstance<EmailSender>(
            services, services.GetRequiredService<IEmailTransport>(), services.GetServices<IEmailSource>().Single(source => source.Priority == DeliveryPriority.Normal)));
        _sms = Rules(ActivatorUtilities.CreateInstance<SmsSender>(services, services.GetRequiredService<ISmsTransport>()));
    }

    [Fact]
    public void What_the_provider_took_is_accepted_under_its_id()
    {
        var (row, result) = Complete(_email, SendResult.Accepted("queue-7", "250", "OK"));

        Assert.Equal((DeliveryState.Accepted, "queue-7", "250", Now), (row.State, row.ProviderId, row.LastCode, row.FinishedAt!.Value));
        Assert.Null(row.LeaseOwner);
        Assert.Equal(SendOutcome.Accepted, result.Attempt!.Outcome);
    }

    [Fact]
    public void A_temporary_no_counts_and_comes_back_by_the_schedule()
    {
        var (row, result) = Complete(_sms, SendResult.Transient("429", retryAfter: TimeSpan.FromMinutes(3)));

        Assert.Equal((DeliveryState.Pending, 1, Now.AddMinutes(3)), (row.State, row.Attempts, row.DueAt));
        Assert.Null(row.SendStartedAt);
        Assert.Null(row.LeaseOwner);
        Assert.Equal("429", result.Attempt!.Code);
    }

    [Fact]
    public void A_temporary_no_at_the_horizon_is_the_end()
    {
        Assert.Equal(DeliveryState.Expired, Complete(_email, SendResult.Transient("451"), age: TimeSpan.FromDays(5)).Row.State);
        Assert.Equal(DeliveryState.Expired, Complete(_sms, SendResult.Transient("429"), age: TimeSpan.FromHours(12)).Row.State);
        Assert.Equal(DeliveryState.Pending, Complete(_email, SendResult.Transient("451"), age: TimeSpan.FromHours(12)).Row.State);
    }

    [Fact]
    public void A_final_no_ends_the_notice_and_names_the_address_in_its_normal_form()
    {
        var (row, result) = Complete(_email, SendResult.Permanent("550 5.1.1", "No such user.", SuppressionReason.Undeliverable), address: "Jin@Example.COM");

        Assert.Equal((DeliveryState.Failed, "No such user."), (row.State, row.LastText));
        Assert.Equal(("jin@example.com", NotificationChannel.Email, SuppressionReason.Undeliverable),
            (result.Suppression!.Address, result.Suppression.Channel, result.Suppression.Reason));
        Assert.Null(Complete(_email, SendResult.Permanent("554", "Not this text."), address: "jin@example.com").Result.Suppression);
    }

    [Theory]
    [InlineData(ChannelFault.Connection)]
    [InlineData(ChannelFault.Authentication)]
    [InlineData(ChannelFault.Quota)]
    public void When_the_channel_is_down_the_attempt_is_given_back_until_it_is_tried_again(ChannelFault fault)
    {
        var (row, result) = Complete(_email, SendResult.ChannelDown(fault, "down"));

        Assert.Equal((DeliveryState.Pending, 0, _circuit.RestsUntil!.Value), (row.State, row.Attempts, row.DueAt));
        Assert.Equal(SendOutcome.ChannelDown, result.Attempt!.Outcome);
        Assert.Equal(0, _circuit.Allowed(200));
    }

    [Fact]
    public void An_answer_of_any_kind_says_that_the_channel_works()
    {
        _circuit.Open(ChannelFault.Connection, hint: null);
        Complete(_email, SendResult.Permanent("550"));

        Assert.Null(_circuit.RestsUntil);
    }

    [Fact]
    public void A_mail_of_unknown_outcome_goes_again_and_an_SMS_is_asked_after()
    {
        Assert.Equal((DeliveryState.Pending, 1), Shown(Complete(_email, SendResult.Unknown("lost")).Row));
        var sms = Complete(_sms, SendResult.Unknown("lost")).Row;
        Assert.Equal((DeliveryState.Pending, 1), Shown(sms));
        Assert.NotNull(sms.SendStartedAt);
    }

    [Fact]
    public void At_the_horizon_an_unknown_SMS_stays_unknown()
    {
        Assert.Equal(DeliveryState.OutcomeUnknown, Complete(_sms, SendResult.Unknown("lost"), age: TimeSpan.FromHours(12)).Row.State);
        Assert.Equal(DeliveryState.OutcomeUnknown, Found(SendResult.Transient("not listed"), age: TimeSpan.FromHours(12)).State);
    }

    [Fact]
    public void A_fault_before_the_call_leaves_what_an_earlier_attempt_may_have_done()
    {
        var failure = SendResult.Transient("exception");

        var begun = Applied(_sms.CompleteUncalled(Delivery(), failure, Now));
        Assert.Equal((DeliveryState.Pending, 1), Shown(begun));
        Assert.NotNull(begun.SendStartedAt);
        Assert.Equal(DeliveryState.OutcomeUnknown, Applied(_sms.CompleteUncalled(Delivery(TimeSpan.FromHours(12)), failure, Now)).State);

        var fresh = Applied(_sms.CompleteUncalled(Delivery(isStarted: false), failure, Now));
        Assert.Equal((DeliveryState.Pending, 1), Shown(fresh));
        Assert.Null(fresh.SendStartedAt);
    }

    [Fact]
    public void What_a_look_up_finds_decides()
    {
        Assert.Equal((DeliveryState.Accepted, 0), Shown(Found(SendResult.Accepted("SM1"))));
        Assert.Equal((DeliveryState.Failed, 0), Shown(Found(SendResult.Permanent("21610"))));
        Assert.Equal((DeliveryState.OutcomeUnknown, 0), Shown(Found(SendResult.Unknown("no list"))));
        var later = Found(SendResult.Transient("not listed yet"));
        Assert.Equal((DeliveryState.Pending, 1), Shown(later));
        Assert.NotNull(later.SendStartedAt);
    }

    [Fact]
    public void Before_an_attempt_everything_that_speaks_against_it_is_looked_at()
    {
        Assert.Null(_email.Before(Delivery(), null, Now));

        var removed = Applied(_email.Before(Delivery(isStarted: false), NotSentReason.Removed, Now));
        Assert.Equal((DeliveryState.NotSent, NotSentReason.Removed), (removed.State, removed.Reason!.Value));
        Assert.Equal(DeliveryState.OutcomeUnknown, Applied(_sms.Before(Delivery(), NotSentReason.Removed, Now)).State);

        var until = _circuit.Open(ChannelFault.Quota, hint: null);
        var resting = Applied(_email.Before(Delivery(), null, Now));
        Assert.Equal((DeliveryState.Pending, until), (resting.State, resting.DueAt));
    }

    private DeliveryRules Rules(INotificationSender sender) => new(sender, _circuit, _settings);

    private static (Delivery Row, DeliveryResult Result) Complete(DeliveryRules rules, SendResult outcome, TimeSpan age = default, string? address = null)
    {
        var result = rules.Complete(Delivery(age), outcome, Now, address);
        return (Applied(result), result);
    }

    private Delivery Found(SendResult found, TimeSpan age = default) => Applied(_sms.CompleteReconciliation(Delivery(age), found, Now));

    private static Delivery Applied(DeliveryResult? result)
    {
        Assert.NotNull(result);
        var row = result.Delivery.Copy();
        result.Apply(row);
        return row;
    }

    private static (DeliveryState, int) Shown(Delivery row) => (row.State, row.Attempts);

    private static Delivery Delivery(TimeSpan age = default, bool isStarted = true)
    {
        var delivery = new Delivery
        {
            CommentId = Guid.CreateVersion7(),
            Event = NotificationEvent.CommentPublished,
            RecipientKey = "phone:+821012345678",
            Channel = NotificationChannel.Sms,
            CreatedAt = Now - age,
            DueAt = Now - age,
        };
        delivery.LeasedTo(Guid.NewGuid(), Now + TimeSpan.FromMinutes(2));
        if (isStarted)
        {
            delivery.StartedSending(Now);
        }

        return delivery;
    }
}
