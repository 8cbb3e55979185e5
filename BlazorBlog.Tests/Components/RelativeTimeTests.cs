using System.Globalization;
using BlazorBlog.Support;
using Bunit;

namespace BlazorBlog.Components;

public sealed class RelativeTimeTests
{
    [Theory]
    [InlineData("-00:05:00", "just now", "방금 전")]
    [InlineData("00:00:59", "just now", "방금 전")]
    [InlineData("00:01:00", "1 minute ago", "1분 전")]
    [InlineData("00:59:59", "59 minutes ago", "59분 전")]
    [InlineData("01:00:00", "1 hour ago", "1시간 전")]
    [InlineData("23:59:59", "23 hours ago", "23시간 전")]
    [InlineData("1.00:00:00", "1 day ago", "1일 전")]
    [InlineData("29.23:59:59", "29 days ago", "29일 전")]
    [InlineData("30.00:00:00", "13 February 2026", "2026년 2월 13일")]
    public void Ages_are_told_in_the_readers_language(string age, string english, string korean)
    {
        var at = ReaderContext.Now - TimeSpan.Parse(age, CultureInfo.InvariantCulture);

        Assert.Equal(english, Text("en", at));
        Assert.Equal(korean, Text("ko", at));
    }

    [Fact]
    public void The_exact_time_is_shown_on_hover_in_the_zone_of_the_site()
    {
        Assert.Equal("Sunday, 15 March 2026, 00:00 (Asia/Seoul)", Title("en"));
        Assert.Equal("2026년 3월 15일 일요일 00:00 (Asia/Seoul)", Title("ko"));
    }

    [Fact]
    public void Machines_read_utc_whatever_the_offset()
    {
        using var reader = new ReaderContext();
        var time = reader.Render<RelativeTime>(p => p.Add(x => x.At, ReaderContext.Now.ToOffset(TimeSpan.FromHours(5))));

        Assert.Equal("2026-03-14T15:00:00Z", time.Find("time").GetAttribute("datetime"));
    }

    private static string Text(string language, DateTimeOffset at)
    {
        using var reader = new ReaderContext(language);
        return reader.Render<RelativeTime>(p => p.Add(x => x.At, at)).Find("time").TextContent;
    }

    private static string? Title(string language)
    {
        using var reader = new ReaderContext(language);
        return reader.Render<RelativeTime>(p => p.Add(x => x.At, ReaderContext.Now)).Find("time").GetAttribute("title");
    }
}
