using System.Text;

namespace BlazorBlog.Notifications.Sms.Text;

public sealed class EucKrTests
{
    private static readonly Uri Link = new("https://b.kr/p/1#comment-2");

    public static TheoryData<string, string, int> Vectors => new()
    {
        { "안녕하세요", "EUC-KR SMS", 10 },
        { Repeat("가", 45), "EUC-KR SMS", 90 },
        { Repeat("가", 45) + "a", "EUC-KR LMS", 91 },
        { "[블로그] 새 댓글", "EUC-KR SMS", 16 },
        { Repeat("가", 1000), "EUC-KR LMS", 2000 },
        { Repeat("가", 1000) + "a", "EUC-KR LMS", 2001 },
        { "“”…€①", "EUC-KR SMS", 10 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Bytes_decide_between_sms_and_lms(string text, string encoding, int bytes) =>
        Assert.Equal(new SmsSize(encoding, bytes, 1), EucKr.Measure(text));

    [Theory]
    [InlineData("그래 — 좋아", "그래 - 좋아")]
    [InlineData("café", "cafe")]
    [InlineData("cafe\u0301", "cafe")]
    [InlineData("Ångström", "Angstrom")]
    [InlineData("좋아요😀!", "좋아요!")]
    [InlineData("👩‍👩‍👧 가족", " 가족")]
    [InlineData("뷁", "ㅂㅞㄺ")]
    [InlineData("똠양꿍", "ㄸㅗㅁ양꿍")]
    [InlineData("a\u00A0b\u200Bc", "a bc")]
    [InlineData("one\r\ntwo\u0007\tthree", "one\ntwo three")]
    [InlineData("₩1000", "￦1000")]
    [InlineData("ﬁn", "fin")]
    [InlineData("สวัสดี", "????")]
    [InlineData("漢字 カタカナ ①", "漢字 カタカナ ①")]
    [InlineData("x\uD83Dy", "xy")]
    public void What_euc_kr_lacks_is_written_plainly(string text, string encodable) => Assert.Equal(encodable, EucKr.Encodable(text));

    [Fact]
    public void Nothing_is_ever_left_that_the_provider_would_refuse()
    {
        var strict = Encoding.GetEncoding(51949, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        for (var value = 0; value < 0x20000; value++)
        {
            if (Rune.IsValid(value))
            {
                var encodable = EucKr.Encodable(new Rune(value).ToString());
                strict.GetByteCount(encodable);
                Assert.DoesNotContain(encodable, c => char.IsControl(c) && c != '\n');
            }
        }
    }

    [Fact]
    public void A_title_is_cut_to_ninety_bytes_when_the_rest_fits_an_sms()
    {
        var text = EucKr.Fit(new SmsText("[블로그] '", Repeat("긴 제목 ", 30), "' 새 댓글", Link));

        Assert.InRange(EucKr.Measure(text).Length, 88, 90);
        Assert.Contains("…' 새 댓글 https://b.kr/p/1#comment-2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void When_link_and_words_exceed_an_sms_the_title_has_an_lms()
    {
        var link = new Uri("https://blog.example.com/posts/" + Repeat("a", 60) + "#comment-1");
        var title = Repeat("긴 제목 ", 30).Trim();

        Assert.Equal($"'{title}' 새 댓글 {link}", EucKr.Fit(new SmsText("'", title, "' 새 댓글", link)));
        Assert.InRange(EucKr.Measure(EucKr.Fit(new SmsText("'", Repeat("가", 2000), "'", link))).Length, 1998, 2000);
    }

    [Theory]
    [InlineData("미나", "미나님의 댓글, '글'")]
    [InlineData("Zo\u00EB", "Zoe님의 댓글, '글'")]
    [InlineData("\u2605", "\u2605님의 댓글, '글'")]
    [InlineData("\uD83C\uDF75", "누군가님의 댓글, '글'")]
    [InlineData("\u0645\u0631\u062D\u0628\u0627", "누군가님의 댓글, '글'")]
    public void Whoever_has_no_name_in_this_alphabet_is_somebody(string name, string opening)
    {
        var text = new SmsText($"{name}님의 댓글, '", "글", "'", Link) { Name = name, Unnamed = new SmsText("누군가님의 댓글, '", "글", "'", Link) };

        Assert.StartsWith(opening, EucKr.Fit(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_beginning_is_cut_between_characters()
    {
        Assert.Equal("가나", EucKr.Beginning("가나다", 5));
        Assert.Equal("블로그", EucKr.Beginning("블로그 ", 40));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
