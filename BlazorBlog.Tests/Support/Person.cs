using System.Text.RegularExpressions;
using BlazorBlog.Notifications.Email;

namespace BlazorBlog.Support;

/// <summary>Somebody with a mailbox that nobody else has.</summary>
public sealed partial class Person(TestBlog blog, string name)
{
    private static int _people;

    private readonly HashSet<string> _read = [];

    public string Name { get; } = name;

    public string Email { get; set; } = $"{name.ToLowerInvariant().Replace(' ', '.')}{Interlocked.Increment(ref _people)}@reader.example.org";

    public string Password { get; set; } = "seven slow trains at dusk";

    /// <summary>The six digits of the next mail that has some.</summary>
    public async Task<string> NextCodeAsync() => SixDigits().Match((await NextMailAsync(mail => SixDigits().IsMatch(mail.Subject))).Subject).Value;

    /// <summary>Path of the next mailed link to a page of the account.</summary>
    /// <param name="page"><c>reset</c>, <c>confirm</c> or <c>email</c>.</param>
    public async Task<string> NextLinkAsync(string page)
    {
        var link = new Regex($"/account/{page}/\\S+");
        return link.Match((await NextMailAsync(mail => link.IsMatch(mail.Text))).Text).Value;
    }

    /// <summary>Waits for a mail that was not read before.</summary>
    public async Task<EmailMessage> NextMailAsync(Predicate<EmailMessage> isAsWanted)
    {
        var mail = await Eventually.WaitForAsync(
            () => Task.FromResult(blog.Mails.FirstOrDefault(mail => mail.To.Address == Email && !_read.Contains(mail.MessageId) && isAsWanted(mail))),
            $"a mail came to {Email}");
        _read.Add(mail.MessageId);
        return mail;
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();
}
