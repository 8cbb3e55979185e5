namespace BlazorBlog.Accounts.Profiles;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("  Grace  ", "Grace")]
    [InlineData("Gra\r\nce\0", "Grace")]
    [InlineData("Gra\u202Ece\u2066", "Grace")]
    [InlineData("e\u0301lise", "\u00E9lise")]
    [InlineData("\uD55C \uC18C\uD76C", "\uD55C \uC18C\uD76C")]
    [InlineData("\uD83D\uDC69\u200D\uD83D\uDCBB", "\uD83D\uDC69\u200D\uD83D\uDCBB")]
    public void A_name_becomes_one_line_in_its_own_direction(string typed, string clean) => Assert.Equal(clean, PersonName.Clean(typed));

    [Theory]
    [InlineData("G", true)]
    [InlineData("\uD83D\uDE42", true)]
    [InlineData("", false)]
    [InlineData(" \t\u00A0\u3000", false)]
    [InlineData("\u200B\u200D\uFEFF", false)]
    [InlineData("\u3164\u115F\u1160", false)]
    public void Blanks_and_fillers_alone_are_no_name(string text, bool has) => Assert.Equal(has, PersonName.HasText(text));
}
