namespace BlazorBlog.Notifications.Deliveries;

public enum NoticeChannel
{
    Email,
    Sms,
}
