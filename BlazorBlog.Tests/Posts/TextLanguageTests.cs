namespace BlazorBlog.Posts;

public sealed class TextLanguageTests
{
    [Theory]
    [InlineData("Slow coffee", "en")]
    [InlineData("한강에서 쓴 메모", "ko")]
    [InlineData("Blazor Server의 SignalR 연결 이야기", "ko")]
    [InlineData("Why 한글 was made, and by whom", "en")]
    [InlineData("東京の夜", "ja")]
    [InlineData("北京的春天", "zh")]
    [InlineData("Καλημέρα", "el")]
    [InlineData("שלום עולם", "he")]
    [InlineData("สวัสดี", "th")]
    [InlineData("Привет", null)]
    [InlineData("مرحبا", null)]
    [InlineData("123 🙂", null)]
    public void A_script_tells_the_language_where_it_has_but_one(string text, string? language) => Assert.Equal(language, TextLanguage.Of(text));
}
