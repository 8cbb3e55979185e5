using System.Text;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Email;

/// <summary>Whatever stands in whatever field, the mail has exactly the headers it would have without it, and nothing else.</summary>
public sealed class HeaderInjectionTests
{
    private static readonly string[] Attacks =
    [
        "x\r\nBcc: victim@example.com",
        "x\nBcc: victim@example.com",
        "x\rBcc: victim@example.com",
        "x\r\n\r\n<script>alert(1)</script>",
        "x\0y",
        "\0",
        "\r\n",
        "\r\n.\r\nMAIL FROM:<evil@example.com>",
        "x\u0085Bcc: a\u2028Bcc: b\u2029Bcc: c\vBcc: d\fBcc: e\u001b[31m\u007f",
        "=?utf-8?Q?=0D=0ABcc:_victim@example.com?=",
        "\" <victim@example.com>, \"",
        "a@x.example, b@x.example",
        "<a@x.example>",
        "a@x.example> SIZE=1",
        "\ud800 lone \udc00",
        "\u202Egnp.exe",
        "שלום עולם مرحبا",
        "👩‍👩‍👧‍👦 🇰🇷 👋🏽",
        "-- \r\n--=_",
        new string('x', 100_000),
        string.Concat(Enumerable.Repeat("한", 30_000)),
        string.Concat(Enumerable.Repeat("a b\t", 20_000)),
        "  ",
        "",
    ];

    private static readonly (string Field, Func<EmailMessage, string, EmailMessage> Set)[] Fields =
    [
        ("From", (mail, value) => mail with { From = new Mailbox(value) }),
        ("From name", (mail, value) => mail with { From = mail.From with { Name = value } }),
        ("To", (mail, value) => mail with { To = new Mailbox(value) }),
        ("To within", (mail, value) => mail with { To = new Mailbox($"jin{value}@example.com") }),
        ("To domain", (mail, value) => mail with { To = new Mailbox($"jin@example.com{value}") }),
        ("To name", (mail, value) => mail with { To = mail.To with { Name = value } }),
        ("Subject", (mail, value) => mail with { Subject = value }),
        ("Message-ID", (mail, value) => mail with { MessageId = $"a@{value}" }),
        ("References", (mail, value) => mail with { References = [value, $"a@b{value}"] }),
        ("List-Id", (mail, value) => mail with { ListId = value }),
        ("List name", (mail, value) => mail with { ListName = value }),
        ("Unsubscribe", (mail, value) => Uri.TryCreate($"https://blog.example/u/{value}", UriKind.Absolute, out var uri) ? mail with { Unsubscribe = uri } : mail),
        ("Feedback-ID", (mail, value) => mail with { FeedbackId = value }),
        ("Text", (mail, value) => mail with { Text = value }),
        ("Html", (mail, value) => mail with { Html = value }),
    ];

    public static TheoryData<string> FieldNames => [.. Fields.Select(x => x.Field)];

    [Theory]
    [MemberData(nameof(FieldNames))]
    public void No_field_can_write_another_header(string field)
    {
        var set = Fields.Single(x => x.Field == field).Set;
        foreach (var attack in Attacks.Concat(RandomAttacks()))
        {
            if (set(Harmless(), attack) is var mail && EmailEnvelope.TryCreate(mail, out _, out _))
            {
                AssertWhole(Mails.Octets(mail));
            }
        }
    }

    [Theory]
    [InlineData("Bcc")]
    [InlineData("X")]
    public void A_guard_without_the_check_of_fields_would_be_seen(string header)
    {
        var raw = Encoding.ASCII.GetString(Mails.Octets(Harmless()));

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() =>
            AssertWhole(Encoding.ASCII.GetBytes(raw.Replace("\r\nDate:", $"\r\n{header}: 1\r\nDate:", StringComparison.Ordinal))));
    }

    [Fact]
    public void Marks_that_turn_the_direction_are_taken_out_of_names()
    {
        var mail = EmlFile.Parse(Mails.Octets(Harmless() with { To = new Mailbox("jin@example.com", "\u202Ejin\u2066 שלום") }));

        Assert.Equal("jin שלום <jin@example.com>", mail.To);
    }

    private static EmailMessage Harmless() => Mails.New() with
    {
        References = ["post-1@blog.example"],
        ListId = "post-1.blog.example",
        ListName = "Comments",
        Unsubscribe = new Uri("https://blog.example/u/1"),
        FeedbackId = "a:b:c:d",
    };

    private static void AssertWhole(ReadOnlySpan<byte> octets)
    {
        string[] known =
        [
            "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id", "List-Unsubscribe",
            "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
        ];
        var raw = Encoding.Latin1.GetString(octets);
        var (header, body) = (raw[..raw.IndexOf("\r\n\r\n", StringComparison.Ordinal)], raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var names = header.Split("\r\n").Where(line => line[0] is not ' ' and not '\t').Select(line => line.Split(':')[0]).ToList();

        Assert.Empty(names.Except(known, StringComparer.OrdinalIgnoreCase));
        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain(raw.Replace("\r\n", "", StringComparison.Ordinal), c => c is < ' ' and not '\t' or '\u007f');
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.All(header.Split("\r\n"), line => Assert.NotEqual("", line.Trim()));
        Assert.Equal(3, body.Split("\r\n").Count(line => line.StartsWith("--=_", StringComparison.Ordinal)));
    }

    /// <summary>The same seed each time: a failure is repeatable.</summary>
    private static IEnumerable<string> RandomAttacks()
    {
        const string alphabet = "\r\n\0\t .:<>@\"\\=?_-;,()[]aZ0é한\u202E\u200D\ud83d\udc4b\u0085\u2028";
        var random = new Random(20261123);
        for (var i = 0; i < 300; i++)
        {
            yield return string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => alphabet[random.Next(alphabet.Length)]));
        }
    }
}
