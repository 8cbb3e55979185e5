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
    [InlineData("Gra\uFFFEce\uFFFF\uFDD0\uD83F\uDFFE", "Grace")]
    public void A_name_becomes_one_line_in_its_own_direction(string typed, string clean) => Assert.Equal(clean, PersonName.Clean(typed));
}
