namespace BlazorBlog.Accounts.SignIn;

public sealed class PasswordRulesTests
{
    private static readonly string[] Known = ["hana.kim@example.com", "Hana Kim"];

    [Theory]
    [InlineData("correct horse")]
    [InlineData("onlylowerletters")]
    [InlineData("파란 바다 위의 노란 의자")]
    [InlineData("1029384756x")]
    [InlineData("password of my first cat")]
    [InlineData("hana.kim likes trains")]
    public void Length_is_enough_and_no_kind_of_character_is_asked_for(string password) => Assert.Null(PasswordRules.Weakness(password, Known));

    [Theory]
    [InlineData("")]
    [InlineData("Ab3$Ab3$x")]
    public void A_short_one_is_refused(string password) => Assert.Equal(PasswordWeakness.TooShort, PasswordRules.Weakness(password, Known));

    [Fact]
    public void The_longest_is_taken_and_one_more_is_not()
    {
        var longest = string.Concat(Enumerable.Range(0, PasswordRules.MaxLength).Select(i => (char)('a' + (i * 7 % 26))));

        Assert.Null(PasswordRules.Weakness(longest, Known));
        Assert.Equal(PasswordWeakness.TooLong, PasswordRules.Weakness(longest + "x", Known));
    }

    [Theory]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abababababab")]
    [InlineData("1234567890")]
    [InlineData("9012345678")]
    [InlineData("QWERTYUIOP")]
    [InlineData("1q2w3e4r5t6y")]
    [InlineData("Password123")]
    [InlineData("passwordpassword")]
    [InlineData("iloveyou!!!!")]
    [InlineData("hana.kim@example.com")]
    [InlineData("HANA.KIM2024")]
    [InlineData("example.com!")]
    [InlineData("hana kim1!1!")]
    public void What_programs_and_neighbours_try_first_is_refused(string password) =>
        Assert.Equal(PasswordWeakness.Guessable, PasswordRules.Weakness(password, Known));

    [Fact]
    public void A_person_without_a_name_or_address_may_use_any_words() => Assert.Null(PasswordRules.Weakness("correct horse", ["", ""]));
}
