namespace BlazorBlog.Notifications.Sms;

public enum SmsTransportKind { None, Twilio, CoolSms, File, Console, Memory }
