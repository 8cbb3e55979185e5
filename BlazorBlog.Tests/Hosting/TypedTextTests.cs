using System.Text.Json;

namespace BlazorBlog.Hosting;

public sealed class TypedTextTests
{
    [Theory]
    [InlineData("G")]
    [InlineData("\uD83D\uDE42")]
    [InlineData("e\u0301")]
    [InlineData("\u3131")]
    [InlineData("\u2801")]
    [InlineData("-")]
    [InlineData("\uFFFD")]
    [InlineData("\U000E01EF\u00A0\u4E00")]
    public void What_leaves_ink_is_seen(string text) => Assert.True(TypedText.IsSeen(text));

    [Theory]
    [InlineData("")]
    [InlineData(" \t\u00A0\u3000\u2028\u205F")]
    [InlineData("\u200B\u200D\u2060\uFEFF\u00AD\u180E\u2064\u2065")]
    [InlineData("\u3164\u115F\u1160\uFFA0")]
    [InlineData("\u2800\U0001D159\U00013441\U00013442")]
    [InlineData("\uFDD0\uFFFE\U0001FFFF")]
    [InlineData("\uFE0F\uFE00\U000E0100\u180B")]
    [InlineData("\U000E0067\U000E007F\U000E0FFF")]
    [InlineData("\u0301\u034F\u20DD\u0903\u17B4")]
    public void Blanks_fillers_and_marks_alone_are_not(string text) => Assert.False(TypedText.IsSeen(text));

    [Theory]
    [InlineData("a\tb\r\nc", "a\tb\r\nc")]
    [InlineData("a\0b\u0001c\u009Fd\u007F", "abcd")]
    [InlineData("a\uFFFEb\uFFFFc\uFDEFd\uDBFF\uDFFF", "abcd")]
    [InlineData("\uD83D\uDE42 \uD55C\u3164", "\uD83D\uDE42 \uD55C\u3164")]
    public void What_no_database_and_no_normalization_takes_is_taken_out(string typed, string clean) => Assert.Equal(clean, TypedText.Clean(typed));

    /// <summary>Not as data of a theory: attributes are UTF-8, which has no lone surrogates.</summary>
    [Fact]
    public void A_lone_surrogate_is_marked_as_a_character_that_is_missing()
    {
        Assert.Equal("a\uFFFDb", TypedText.Clean("a\uD83Db"));
        Assert.Equal("\uFFFDa\uFFFD", TypedText.Clean("\uDE42a\uD83D").Normalize());
    }

    [Theory]
    [InlineData("\"a\\uD83D\\uDE42\"", "a\uD83D\uDE42")]
    [InlineData("\"a\\uD83D\"", null)]
    [InlineData("\"\\uDE42\"", null)]
    public void A_lone_surrogate_in_JSON_is_no_text(string json, string? text)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(text, TypedText.Of(document.RootElement));
    }
}
