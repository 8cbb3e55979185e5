using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Email;

public sealed class NoticeMessageIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_mail_about_a_comment_names_the_comment_and_hides_its_reader()
    {
        var delivery = New(NoticeEvent.CommentPublished);
        var id = NoticeMessageId.Of(delivery, "blog.example");

        Assert.True(MessageId.IsValid(id));
        Assert.Equal(delivery.CommentId, NoticeMessageId.ReadComment(id));
        Assert.Null(NoticeMessageId.ReadDelivery(id));
        Assert.DoesNotContain("jin", id, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(id, NoticeMessageId.OfComment(delivery.CommentId!.Value, delivery.RecipientKey, "blog.example"));
    }

    [Fact]
    public void A_question_for_confirmation_names_its_delivery()
    {
        var delivery = New(NoticeEvent.ConfirmAddress);
        var id = NoticeMessageId.Of(delivery, "blog.example");

        Assert.True(MessageId.IsValid(id));
        Assert.Equal(delivery.Id, NoticeMessageId.ReadDelivery(id));
        Assert.Null(NoticeMessageId.ReadComment(id));
        Assert.StartsWith(NoticeMessageId.LocalPart(delivery) + "@", id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c")]
    [InlineData("confirm-@blog.example")]
    [InlineData("CAF+abcdefghijklmnopqrstuvwxyz0123456789@mail.example")]
    public void An_id_of_somebody_else_names_nothing(string id)
    {
        Assert.Null(NoticeMessageId.ReadComment(id));
        Assert.Null(NoticeMessageId.ReadDelivery(id));
    }

    private static Delivery New(NoticeEvent about) => new()
    {
        CommentId = Guid.CreateVersion7(),
        Event = about,
        RecipientKey = "email:jin@example.com",
        Channel = NoticeChannel.Email,
        CreatedAt = Now,
        DueAt = Now,
    };
}
