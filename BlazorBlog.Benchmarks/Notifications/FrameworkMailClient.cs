using System.Diagnostics;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using BlazorBlog.Notifications.Templates;

namespace BlazorBlog.Notifications;

#pragma warning disable RS0030 // Banned for sending without authentication when AUTH fails; here it is what our own is measured against.
/// <summary>System.Net.Mail used as people use it: one client, one mail after another.</summary>
internal sealed class FrameworkMailClient(int port) : IDisposable
{
    private readonly SmtpClient _client = new("127.0.0.1", port);

    /// <returns>Mails per second.</returns>
    public async Task<double> MeasureAsync(RenderedEmail mail, string recipient, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            using var message = new MailMessage("blog@blog.example", recipient, mail.Subject, mail.Text);
            message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
            await _client.SendMailAsync(message);
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose() => _client.Dispose();
}
