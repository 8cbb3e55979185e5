namespace BlazorBlog.Notifications.Sms.Text;

public sealed class SmsSegmentsTests
{
    private static readonly Uri Link = new("https://blog.example.com/posts/hello#comment-1");

    public static TheoryData<string, string, int, int> Vectors => new()
    {
        { Repeat("a", 160), "GSM-7", 160, 1 },
        { Repeat("a", 161), "GSM-7", 161, 2 },
        { Repeat("a", 306), "GSM-7", 306, 2 },
        { Repeat("a", 307), "GSM-7", 307, 3 },
        { Repeat("€", 80), "GSM-7", 160, 1 },
        { Repeat("€", 81), "GSM-7", 162, 2 },
        { Repeat("a", 152) + "€" + Repeat("a", 10), "GSM-7", 164, 2 },
        { Repeat("가", 70), "UCS-2", 70, 1 },
        { Repeat("가", 71), "UCS-2", 71, 2 },
        { Repeat("가", 134), "UCS-2", 134, 2 },
        { Repeat("가", 135), "UCS-2", 135, 3 },
        { Repeat("😀", 35), "UCS-2", 70, 1 },
        { Repeat("😀", 36), "UCS-2", 72, 2 },
        { Repeat("a", 66) + "😀" + Repeat("a", 70), "UCS-2", 138, 3 },
        { "", "GSM-7", 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_text_is_billed_as_the_networks_count(string text, string encoding, int length, int segments) =>
        Assert.Equal(new SmsSize(encoding, length, segments), SmsSegments.Measure(text));

    [Fact]
    public void An_extension_character_at_the_end_of_a_part_leaves_a_hole()
    {
        // 152 + a hole, 2 + 151, and one more: three parts although 153 x 2 = 306 septets would do.
        Assert.Equal(3, SmsSegments.Measure(Repeat("a", 152) + "€" + Repeat("a", 152)).Segments);
        Assert.Equal(306, SmsSegments.Measure(Repeat("a", 152) + "€" + Repeat("a", 152)).Length);
    }

    [Theory]
    [InlineData("`")]
    [InlineData("\t")]
    [InlineData("ç")]
    [InlineData("—")]
    [InlineData("…")]
    [InlineData("“")]
    public void One_character_outside_gsm_turns_all_into_ucs(string character) =>
        Assert.Equal("UCS-2", SmsSegments.Measure("a" + character).Encoding);

    [Theory]
    [InlineData("@£$¥èéùìòÇ\nØø\rÅå")]
    [InlineData("Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¡ÄÖÑÜ§¿äöñüà")]
    [InlineData("^{}\\[~]|€\f")]
    public void The_gsm_alphabet_stays_gsm(string text) => Assert.True(SmsSegments.IsGsm(text));

    [Fact]
    public void A_title_that_fits_is_left_alone() =>
        Assert.Equal($"New comment on \"Hello\": {Link}", SmsSegments.Fit(Notification("Hello")));

    [Fact]
    public void A_long_title_is_cut_with_three_dots_so_that_one_segment_suffices()
    {
        var text = SmsSegments.Fit(Notification(Repeat("word ", 40)));

        Assert.Equal(new SmsSize("GSM-7", 160, 1), SmsSegments.Measure(text));
        Assert.Contains("...\": ", text, StringComparison.Ordinal);
        Assert.EndsWith(Link.AbsoluteUri, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_korean_title_is_cut_with_an_ellipsis()
    {
        var text = SmsSegments.Fit(new SmsText("'", Repeat("가나다 ", 30), "' 새 댓글", new Uri("https://b.kr/1")));

        Assert.Equal("UCS-2", SmsSegments.Measure(text).Encoding);
        Assert.Equal(1, SmsSegments.Measure(text).Segments);
        Assert.Contains("…' 새 댓글 https://b.kr/1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_rest_needs_two_segments_the_title_takes_what_is_left_of_two()
    {
        var longLink = new Uri("https://blog.example.com/posts/" + Repeat("a", 150));
        var text = SmsSegments.Fit(new SmsText("New comment on \"", Repeat("b", 300), "\":", longLink));

        Assert.Equal(new SmsSize("GSM-7", 306, 2), SmsSegments.Measure(text));
        Assert.EndsWith(longLink.AbsoluteUri, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Typographic_marks_become_plain_ones_when_that_saves_the_encoding()
    {
        var text = SmsSegments.Fit(Notification("Don’t “panic” – it’s fine…"));

        Assert.Equal("GSM-7", SmsSegments.Measure(text).Encoding);
        Assert.Contains("Don't \"panic\" - it's fine...", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Typographic_marks_stay_when_the_text_is_ucs_anyway() =>
        Assert.Contains("“안녕” – 끝", SmsSegments.Fit(new SmsText("", "“안녕” – 끝", "", Link)), StringComparison.Ordinal);

    [Theory]
    [InlineData("😀")]
    [InlineData("👩‍👩‍👧")]
    [InlineData("e\u0301")]
    [InlineData("🇰🇷")]
    public void No_grapheme_is_torn(string grapheme)
    {
        var text = SmsSegments.Fit(new SmsText("", "가" + Repeat(grapheme, 100), "", Link));

        var title = text[..^(Link.AbsoluteUri.Length + 1)];
        Assert.Equal(1, SmsSegments.Measure(text).Segments);
        Assert.Matches($"^가({grapheme})+…$", title);
    }

    [Fact]
    public void A_title_is_cut_only_when_it_must_be_and_then_fills_the_segment()
    {
        var room = 160 - Notification("").ToString().Length;
        for (var length = 0; length < 200; length++)
        {
            var text = SmsSegments.Fit(Notification(Repeat("z", length)));
            Assert.Equal(length <= room ? length : room - 3, text.Count(c => c == 'z'));
        }
    }

    [Fact]
    public void A_link_too_long_for_anything_is_still_whole_and_the_title_gives_way()
    {
        var link = new Uri("https://blog.example.com/" + Repeat("a", 135));
        Assert.Equal(link.AbsoluteUri, SmsSegments.Fit(new SmsText("", "title", "", link)).Trim());
    }

    [Fact]
    public void Line_breaks_and_control_characters_in_a_title_become_one_space() =>
        Assert.Equal($"New comment on \"a b c\": {Link}", SmsSegments.Fit(Notification("a\r\n\tb  c\0")));

    [Fact]
    public void A_link_with_a_korean_host_and_path_travels_in_ascii() =>
        Assert.EndsWith("https://xn--bj0bj06e.kr/%EA%B8%80", SmsSegments.Fit(new SmsText("", "Hi", "", new Uri("https://한글.kr/글"))), StringComparison.Ordinal);

    private static SmsText Notification(string title) => new("New comment on \"", title, "\":", Link);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
