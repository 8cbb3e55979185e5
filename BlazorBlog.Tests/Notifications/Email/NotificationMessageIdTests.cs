using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

public sealed class NotificationMessageIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_mail_about_a_comment_names_the_comment_and_hides_its_reader()
    {
        var delivery = New(NotificationEvent.CommentPublished);
        var id = NotificationMessageId.Of(delivery, "blog.example");

        Assert.True(MessageId.IsValid(id));
        Assert.Equal(delivery.CommentId, NotificationMessageId.ReadComment(id));
        Assert.Null(NotificationMessageId.ReadDelivery(id));
        Assert.DoesNotContain("jin", id, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(id, NotificationMessageId.OfComment(delivery.CommentId!.Value, delivery.RecipientKey, "blog.example"));
    }

    [Fact]
    public void A_question_for_confirmation_names_its_delivery()
    {
        var delivery = New(NotificationEvent.ConfirmAddress);
        var id = NotificationMessageId.Of(delivery, "blog.example");

        Assert.True(MessageId.IsValid(id));
        Assert.Equal(delivery.Id, NotificationMessageId.ReadDelivery(id));
        Assert.Null(NotificationMessageId.ReadComment(id));
        Assert.StartsWith(NotificationMessageId.LocalPart(delivery) + "@", id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c")]
    [InlineData("confirm-@blog.example")]
    [InlineData("CAF+abcdefghijklmnopqrstuvwxyz0123456789@mail.example")]
    public void An_id_of_somebody_else_names_nothing(string id)
    {
        Assert.Null(NotificationMessageId.ReadComment(id));
        Assert.Null(NotificationMessageId.ReadDelivery(id));
    }

    private static Delivery New(NotificationEvent about) => new()
    {
        CommentId = Guid.CreateVersion7(),
        Event = about,
        RecipientKey = "email:jin@example.com",
        Channel = NotificationChannel.Email,
        CreatedAt = Now,
        DueAt = Now,
    };
}
