using BlazorBlog.Comments.Posting;
using BlazorBlog.Hosting;
using BlazorBlog.Posts;
using BlazorBlog.Support;

namespace BlazorBlog.Comments.Moderation;

public sealed class CommentModerationTests
{
    private const string Long = "Visit my page, it is the very best page of all the pages.";

    private readonly FakeClock _clock = FakeClock.Standing();

    [Theory]
    [InlineData(ModerationMode.None, false, null)]
    [InlineData(ModerationMode.None, true, null)]
    [InlineData(ModerationMode.FirstComment, false, HoldReason.FirstComment)]
    [InlineData(ModerationMode.FirstComment, true, null)]
    [InlineData(ModerationMode.All, false, HoldReason.EveryComment)]
    [InlineData(ModerationMode.All, true, HoldReason.EveryComment)]
    public void The_owner_says_who_waits(ModerationMode moderation, bool isTrusted, HoldReason? expected)
    {
        using var rules = Rules(new CommentSettings { Moderation = moderation });

        Assert.Equal(expected, Judge(rules, Comment("Hello."), Guid.NewGuid(), isTrusted));
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, HoldReason.TooManyLinks)]
    public void A_comment_with_more_links_than_the_owner_allows_waits(int links, HoldReason? expected)
    {
        using var rules = Rules(new CommentSettings { MaxLinks = 2 });
        var text = string.Join(' ', Enumerable.Range(1, links).Select(number => number % 2 == 0 ? $"[here](https://site{number}.example)" : $"https://site{number}.example/page"));

        Assert.Equal(expected, Judge(rules, Comment(text), Guid.NewGuid(), isTrusted: true));
        Assert.Equal(expected, rules.JudgeEdit(text, MarkdownRenderer.RenderComment(text), isStaff: false, isTrusted: true));
    }

    [Fact]
    public void Without_any_link_allowed_one_is_too_many()
    {
        using var rules = Rules(new CommentSettings { MaxLinks = 0 });

        Assert.Null(Judge(rules, Comment("No link at all."), Guid.NewGuid(), isTrusted: true));
        Assert.Equal(HoldReason.TooManyLinks, Judge(rules, Comment("See https://site.example."), Guid.NewGuid(), isTrusted: true));
    }

    [Theory]
    [InlineData("ass", "What an ass!", true)]
    [InlineData("ass", "ASS", true)]
    [InlineData("ass", "A class of its own, with a brass pass and an asset.", false)]
    [InlineData("ass", "class, then ass", true)]
    [InlineData("caf", "Un café.", false)]
    [InlineData("lan", "Élan vital", false)]
    [InlineData("cheap pills", "Buy CHEAP PILLS now", true)]
    [InlineData("$$$", "win$$$now", true)]
    [InlineData("광고", "광고입니다", true)]
    [InlineData("광고", "이것은 무료광고예요", true)]
    [InlineData("광고", "좋은 글이에요", false)]
    [InlineData("카지노", "카지노", true)]
    [InlineData("vip", "vip회원 모집", true)]
    public void A_blocked_word_holds_whatever_its_case_and_inside_no_other_latin_word(string word, string text, bool held)
    {
        using var rules = Rules(new CommentSettings { BlockedWords = ["unrelated", word] });
        HoldReason? expected = held ? HoldReason.BlockedWord : null;

        Assert.Equal(expected, Judge(rules, Comment(text), Guid.NewGuid(), isTrusted: true));
        Assert.Equal(expected, rules.JudgeEdit(text, MarkdownRenderer.RenderComment(text), isStaff: false, isTrusted: true));
    }

    [Fact]
    public void A_blocked_word_holds_in_the_name_and_however_its_letters_are_composed()
    {
        using var rules = Rules(new CommentSettings { BlockedWords = ["광고"] });

        Assert.Equal(HoldReason.BlockedWord, Judge(rules, Comment("Hello.") with { Name = "무료 광고" }, Guid.NewGuid(), isTrusted: true));
        Assert.Equal(HoldReason.BlockedWord, Judge(rules, Comment("광고".Normalize(System.Text.NormalizationForm.FormD)), Guid.NewGuid(), isTrusted: true));
    }

    [Theory]
    [InlineData("ca\u200Bsi\u00ADno")]
    [InlineData("ca\u2060s\uFE0Fi\uFEFFn\U000E0020o")]
    [InlineData("ｃａｓｉｎｏ")]
    [InlineData("c&#97;s&#x69;no")]
    [InlineData("ca&shy;sino")]
    [InlineData("ca&#1;si&#x7F;n&#x85;o")]
    [InlineData("[here](https://c%01a%7Fsino.example)")]
    [InlineData("ca\u0001sino")]
    [InlineData("cas**in**o")]
    [InlineData("~~ca~~s*i*no")]
    [InlineData("`cas`ino")]
    [InlineData("[cas](https://site.example)ino")]
    [InlineData("[here](https://c%61sino.example)")]
    [InlineData("[here](https://c&#97;sino.example)")]
    [InlineData("cas\\ino, then \uFFFE and half \uD83D of a smile: casi\u200Cno")]
    public void A_blocked_word_holds_whatever_it_is_made_of(string text)
    {
        using var rules = Rules(new CommentSettings { BlockedWords = ["Casino"] });

        Assert.Equal(HoldReason.BlockedWord, Judge(rules, Comment(text), Guid.NewGuid(), isTrusted: true));
        Assert.Equal(HoldReason.BlockedWord, rules.JudgeEdit(text, MarkdownRenderer.RenderComment(text), isStaff: false, isTrusted: true));
    }

    [Theory]
    [InlineData("cas\n\nino")]
    [InlineData("- cas\n- ino")]
    [InlineData("cas ino")]
    public void Two_words_are_not_one(string text)
    {
        using var rules = Rules(new CommentSettings { BlockedWords = ["casino"] });

        Assert.Null(Judge(rules, Comment(text), Guid.NewGuid(), isTrusted: true));
    }

    [Fact]
    public void The_same_words_of_one_writer_at_another_place_wait()
    {
        using var rules = Rules(new CommentSettings());
        var writer = Guid.NewGuid();
        var first = Comment(Long);

        Assert.Null(Judge(rules, first, writer, isTrusted: true));
        Assert.Null(Judge(rules, first, writer, isTrusted: true));
        Assert.Equal(HoldReason.RepeatedText, Judge(rules, Comment($"  {Long.ToUpperInvariant()}\n"), writer, isTrusted: true));
        Assert.Equal(HoldReason.RepeatedText, Judge(rules, first with { ParentId = Guid.NewGuid() }, writer, isTrusted: true));
        Assert.Equal(HoldReason.RepeatedText, Judge(rules, Comment(Long.Replace("best", "**be\u200Bst**", StringComparison.Ordinal)), writer, isTrusted: true));
        Assert.Null(Judge(rules, Comment(Long), Guid.NewGuid(), isTrusted: true));
    }

    [Fact]
    public void Short_words_are_said_by_many()
    {
        using var rules = Rules(new CommentSettings(), isLimited: true);
        var writer = Guid.NewGuid();

        for (var i = 0; i < 4; i++)
        {
            Assert.Null(Judge(rules, Comment("Thank you!"), writer, isTrusted: true));
            Assert.Null(Judge(rules, Comment("Thank you!"), Guid.NewGuid(), isTrusted: true));
        }
    }

    [Fact]
    public void The_same_words_of_ever_new_strangers_wait_while_limits_hold()
    {
        using var limited = Rules(new CommentSettings(), isLimited: true);
        using var free = Rules(new CommentSettings());

        HoldReason?[] held = [.. Enumerable.Range(0, 5).Select(_ => Judge(limited, Comment(Long), Guid.NewGuid(), isTrusted: true))];

        Assert.Equal([null, null, null, HoldReason.RepeatedText, HoldReason.RepeatedText], held);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Null(Judge(free, Comment(Long), Guid.NewGuid(), isTrusted: true)));
    }

    [Fact]
    public void More_comments_than_a_person_writes_in_a_minute_wait_while_limits_hold()
    {
        using var limited = Rules(new CommentSettings { HoldAbovePerMinute = 2 }, isLimited: true);
        using var free = Rules(new CommentSettings { HoldAbovePerMinute = 2 });
        var writer = Guid.NewGuid();
        HoldReason? Write(CommentModeration rules) => Judge(rules, Comment("Hello."), writer, isTrusted: true);

        Assert.Equal([null, null, HoldReason.TooFast], [Write(limited), Write(limited), Write(limited)]);
        Assert.Equal([null, null, null], [Write(free), Write(free), Write(free)]);
        Assert.Null(Judge(limited, Comment("Hello."), Guid.NewGuid(), isTrusted: true));

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HoldReason.TooFast, Write(limited));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(Write(limited));
    }

    [Theory]
    [InlineData(ModerationMode.None, false, null)]
    [InlineData(ModerationMode.FirstComment, true, null)]
    [InlineData(ModerationMode.FirstComment, false, HoldReason.FirstComment)]
    [InlineData(ModerationMode.All, true, HoldReason.EveryComment)]
    public void An_edit_waits_where_a_new_comment_would(ModerationMode moderation, bool isTrusted, HoldReason? expected)
    {
        using var rules = Rules(new CommentSettings { Moderation = moderation });

        Assert.Equal(expected, rules.JudgeEdit("Other words.", "<p>Other words.</p>", isStaff: false, isTrusted));
    }

    [Fact]
    public void The_keys_of_the_rules_are_read()
    {
        var settings = Read(
            ("Comments:Moderation", "FirstComment"), ("Comments:EditWindow", "00:05:00"), ("Comments:MaxLinks", "0"),
            ("Comments:BlockedWords", "casino, 광고"), ("Comments:HoldAbovePerMinute", "9"));

        Assert.Equal((ModerationMode.FirstComment, TimeSpan.FromMinutes(5), 0, 9), (settings.Moderation, settings.EditWindow, settings.MaxLinks, settings.HoldAbovePerMinute));
        Assert.Equal(["casino", "광고"], settings.BlockedWords);
    }

    [Theory]
    [InlineData("Comments:Moderation", "Some")]
    [InlineData("Comments:Moderation", "1")]
    [InlineData("Comments:EditWindow", "15")]
    [InlineData("Comments:EditWindow", "-00:05:00")]
    [InlineData("Comments:MaxLinks", "-1")]
    [InlineData("Comments:MaxLinks", "many")]
    [InlineData("Comments:HoldAbovePerMinute", "0")]
    [InlineData("Comments:BlockedWord", "misspelt")]
    public void A_wrong_value_is_reported_with_its_key(string key, string value)
    {
        var (_, errors) = WrittenSettings.Read<CommentSettings>("Comments", (key, value));

        Assert.StartsWith($"{key}:", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static HoldReason? Judge(CommentModeration rules, NewComment comment, Guid writer, bool isTrusted) =>
        rules.Judge(comment with { GuestId = writer }) ?? rules.JudgeWriter(isStaff: false, isTrusted);

    private static CommentSettings Read(params (string Key, string? Value)[] settings)
    {
        var (read, errors) = WrittenSettings.Read<CommentSettings>("Comments", settings);
        Assert.Empty(errors);
        return read;
    }

    private static NewComment Comment(string body) => new(
        Guid.NewGuid(), "a-post", ParentId: null, GuestId: null, "Mina", Email: null, body, MarkdownRenderer.RenderComment(body), Guid.NewGuid().ToString(), NotifyReplies: false, Culture: null);

    private CommentModeration Rules(CommentSettings settings, bool isLimited = false) => new(settings, new RateLimitSettings { Enabled = isLimited }, _clock);
}
