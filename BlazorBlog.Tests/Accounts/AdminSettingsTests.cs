using BlazorBlog.Support;

namespace BlazorBlog.Accounts;

public sealed class AdminSettingsTests
{
    [Fact]
    public void Neither_address_nor_password_is_needed_and_two_factors_are()
    {
        var settings = Read();

        Assert.Equal((null, null, true), (settings.Email, settings.Password, settings.RequireTwoFactor));
    }

    [Fact]
    public void Both_together_are_read()
    {
        var settings = Read(("Admin:Email", "boss@example.com"), ("Admin:Password", "correct horse"), ("Admin:RequireTwoFactor", "false"));

        Assert.Equal(("boss@example.com", "correct horse", false), (settings.Email, settings.Password, settings.RequireTwoFactor));
    }

    [Theory]
    [InlineData("Admin:Password: is missing", "boss@example.com", null)]
    [InlineData("Admin:Email: is missing", null, "correct horse")]
    [InlineData("Admin:Email: 'boss' is not an email address", "boss", "correct horse")]
    [InlineData("Admin:Password: use at least 10 characters", "boss@example.com", "horse")]
    [InlineData("Admin:Password: it would be guessed early", "boss@example.com", "boss@example.com")]
    public void What_is_wrong_is_named_by_its_key(string expected, string? email, string? password)
    {
        var (_, errors) = WrittenSettings.Read<AdminSettings>("Admin", ("Admin:Email", email), ("Admin:Password", password));

        Assert.StartsWith(expected, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_never_shows_the_password()
    {
        const string secret = "hunter2";

        var (_, errors) = WrittenSettings.Read<AdminSettings>("Admin", ("Admin:Email", "boss@example.com"), ("Admin:Password", secret));

        Assert.DoesNotContain(secret, Assert.Single(errors), StringComparison.Ordinal);
    }

    private static AdminSettings Read(params (string Key, string? Value)[] settings)
    {
        var (read, errors) = WrittenSettings.Read<AdminSettings>("Admin", settings);
        Assert.Empty(errors);
        return read;
    }
}
