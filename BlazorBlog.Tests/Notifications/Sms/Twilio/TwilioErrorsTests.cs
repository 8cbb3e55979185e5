using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Recipients;

namespace BlazorBlog.Notifications.Sms.Twilio;

public sealed class TwilioErrorsTests
{
    [Theory]
    [InlineData(20003, ChannelFault.Authentication)]
    [InlineData(20005, ChannelFault.Authentication)]
    [InlineData(10001, ChannelFault.Authentication)]
    [InlineData(30002, ChannelFault.Authentication)]
    [InlineData(20008, ChannelFault.Configuration)]
    [InlineData(21212, ChannelFault.Configuration)]
    [InlineData(21601, ChannelFault.Configuration)]
    [InlineData(21606, ChannelFault.Configuration)]
    [InlineData(21609, ChannelFault.Configuration)]
    [InlineData(21703, ChannelFault.Configuration)]
    [InlineData(21705, ChannelFault.Configuration)]
    [InlineData(30010, ChannelFault.Configuration)]
    [InlineData(30032, ChannelFault.Configuration)]
    [InlineData(30034, ChannelFault.Configuration)]
    public void The_account_and_its_sender_take_the_channel_down(int code, ChannelFault fault) =>
        Assert.Equal((SendOutcome.ChannelDown, fault), (Classify(code).Outcome, Classify(code).Fault));

    [Theory]
    [InlineData(21610, SuppressionReason.OptedOut)]
    [InlineData(21211, SuppressionReason.Undeliverable)]
    [InlineData(21614, SuppressionReason.Undeliverable)]
    [InlineData(30005, SuppressionReason.Undeliverable)]
    [InlineData(30006, SuppressionReason.Undeliverable)]
    [InlineData(20404, null)]
    [InlineData(21214, null)]
    [InlineData(21612, null)]
    [InlineData(21602, null)]
    [InlineData(21603, null)]
    [InlineData(21604, null)]
    [InlineData(21617, null)]
    [InlineData(30004, null)]
    [InlineData(30007, null)]
    [InlineData(30036, null)]
    [InlineData(30450, null)]
    public void Some_refusals_are_final_and_some_suppress_the_number(int code, SuppressionReason? suppress) =>
        Assert.Equal((SendOutcome.Permanent, suppress), (Classify(code).Outcome, Classify(code).Suppress));

    [Theory]
    [InlineData(21219)]
    [InlineData(21408)]
    [InlineData(21608)]
    public void A_number_the_account_may_not_reach_does_not_stop_the_others(int code) =>
        Assert.Equal((SendOutcome.Permanent, null), (Classify(code).Outcome, Classify(code).Suppress));

    [Theory]
    [InlineData(20429, null)]
    [InlineData(21730, null)]
    [InlineData(30001, null)]
    [InlineData(30008, null)]
    [InlineData(30017, null)]
    [InlineData(30022, null)]
    [InlineData(30003, 30)]
    [InlineData(30610, 30)]
    [InlineData(21611, 240)]
    [InlineData(30023, 240)]
    public void Passing_trouble_is_tried_again_some_of_it_later(int code, int? minutes) =>
        Assert.Equal(
            (SendOutcome.Transient, minutes is { } wait ? TimeSpan.FromMinutes(wait) : (TimeSpan?)null),
            (Classify(code).Outcome, Classify(code).RetryAfter));

    [Fact]
    public void A_message_that_twilio_lost_is_unknown() => Assert.Equal(SendOutcome.Unknown, Classify(30410).Outcome);

    [Fact]
    public void An_unknown_number_has_no_class() => Assert.Null(TwilioErrors.Classify(99999, null));

    private static SendResult Classify(int code) => TwilioErrors.Classify(code, "words")!;
}
