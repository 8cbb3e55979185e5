namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>Words with which a recipient stops or resumes messages: the whole text of an answer, in any case.</summary>
public static class OptOutWord
{
    // Twilio's own list (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out); the Korean words are known to us alone.
    private static readonly HashSet<string> Stop = new(StringComparer.OrdinalIgnoreCase)
    {
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "수신거부", "거부", "중지",
    };

    private static readonly HashSet<string> Start = new(StringComparer.OrdinalIgnoreCase) { "START", "YES", "UNSTOP", "수신동의" };

    public static bool IsStop(string text) => Stop.Contains(text.Trim());

    public static bool IsStart(string text) => Start.Contains(text.Trim());
}
