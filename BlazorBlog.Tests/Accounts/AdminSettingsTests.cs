using BlazorBlog.Hosting;
using Microsoft.Extensions.Configuration;

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
        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read(("Admin:Email", email), ("Admin:Password", password))).Errors);

        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_never_shows_the_password()
    {
        const string secret = "hunter2";

        var errors = Assert.Throws<SettingsException>(() => Read(("Admin:Email", "boss@example.com"), ("Admin:Password", secret)));

        Assert.DoesNotContain(secret, errors.Message, StringComparison.Ordinal);
    }

    private static AdminSettings Read(params (string Key, string? Value)[] settings)
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build());
        var read = reader.Read<AdminSettings>("Admin");
        reader.ThrowIfWrong();
        return read;
    }
}
