using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Deliveries;

public sealed class DeliveryTests
{
    [Fact]
    public void The_words_of_a_provider_are_cut_between_characters_and_lose_their_NUL()
    {
        var delivery = NewDelivery();

        delivery.Accept(SendResult.Accepted(new string('p', 200), "25\00", new string('x', Delivery.MaxTextLength - 1) + "\U0001F4A5"), FakeClock.Start);

        Assert.Equal(Delivery.MaxProviderIdLength, delivery.ProviderId!.Length);
        Assert.Equal("250", delivery.LastCode);
        Assert.Equal(new string('x', Delivery.MaxTextLength - 1), delivery.LastText);
    }

    [Theory]
    [InlineData(DeliveryState.Accepted, DeliveryState.Delivered, true)]
    [InlineData(DeliveryState.Accepted, DeliveryState.Undelivered, true)]
    [InlineData(DeliveryState.Delivered, DeliveryState.Accepted, false)]
    [InlineData(DeliveryState.Delivered, DeliveryState.Undelivered, false)]
    [InlineData(DeliveryState.Undelivered, DeliveryState.Delivered, false)]
    [InlineData(DeliveryState.OutcomeUnknown, DeliveryState.Accepted, true)]
    [InlineData(DeliveryState.OutcomeUnknown, DeliveryState.Delivered, true)]
    public void A_report_moves_a_delivery_forward_and_never_back(DeliveryState before, DeliveryState reported, bool moves)
    {
        var delivery = NewDelivery();
        delivery.Report(before, "SM1", null, null, FakeClock.Start);

        Assert.Equal(moves, delivery.Report(reported, "SM1", "code", null, FakeClock.Start));
        Assert.Equal(moves ? reported : before, delivery.State);
    }

    private static Delivery NewDelivery() => new()
    {
        CommentId = Guid.CreateVersion7(),
        Event = NotificationEvent.CommentPublished,
        RecipientKey = "phone:+821012345678",
        Channel = NotificationChannel.Sms,
        CreatedAt = FakeClock.Start,
        DueAt = FakeClock.Start,
    };
}
