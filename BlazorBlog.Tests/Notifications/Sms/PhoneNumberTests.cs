using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Sms;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("010-1234-5678", "+821012345678")]
    [InlineData("010.1234.5678", "+821012345678")]
    [InlineData("０１０－１２３４－５６７８", "+821012345678")]
    [InlineData("+82 (0)10-1234-5678", "+821012345678")]
    [InlineData("+82 010 1234 5678", "+821012345678")]
    [InlineData("＋82-10-1234-5678", "+821012345678")]
    [InlineData("+82 10 1234 5678\r\n", "+821012345678")]
    [InlineData("016-1234-5678", "+821612345678")]
    [InlineData("(02) 3123-4567", "+82231234567")]
    [InlineData("070-1234-5678", "+827012345678")]
    [InlineData("001 1 415 555 2671", "+14155552671")]
    public void Korean_numbers_are_read_as_people_write_them(string typed, string? e164) =>
        Assert.Equal(e164, Parse(typed, "KR"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("010-1234-56789")]
    [InlineData("114")]
    [InlineData("010-1234-abcd")]
    [InlineData("010-1234-5678 ext 3")]
    [InlineData("010-1234-5678,,3#")]
    [InlineData("+")]
    [InlineData("+0 10 1234 5678")]
    [InlineData("82 10 + 12345678")]
    [InlineData("+1 415 555 2671 415 555 2671")]
    [InlineData("010-1234-5678\r\nBcc: x")]
    public void What_is_no_number_is_refused(string typed) => Assert.Null(Parse(typed, "KR"));

    [Theory]
    [InlineData("US", "(415) 555-2671", "+14155552671")]
    [InlineData("US", "415-155-2671", null)]
    [InlineData("GB", "020 7946 0018", "+442079460018")]
    [InlineData("GB", "00 82 10 1234 5678", "+821012345678")]
    [InlineData("IT", "06 1234 5678", "+390612345678")]
    [InlineData("it", "312 345 6789", "+393123456789")]
    [InlineData("NG", "0803 123 4567", "+2348031234567")]
    [InlineData("RU", "8 (912) 345-67-89", "+79123456789")]
    public void Every_region_is_read_by_its_own_rules(string region, string typed, string? e164) =>
        Assert.Equal(e164, Parse(typed, region));

    [Theory]
    [InlineData("+821012345678", "KR", "010-1234-5678")]
    [InlineData("+821012345678", "kr", "010-1234-5678")]
    [InlineData("+821012345678", "US", "+82 10-1234-5678")]
    [InlineData("+14155552671", "US", "(415) 555-2671")]
    [InlineData("+390612345678", "KR", "+39 06 1234 5678")]
    [InlineData("unknown", "KR", "unknown")]
    public void A_number_is_shown_as_its_readers_write_it(string stored, string region, string shown) =>
        Assert.Equal(shown, PhoneNumber.Display(stored, region));

    [Fact]
    public void Two_spellings_of_one_number_are_equal()
    {
        Assert.True(PhoneNumber.TryParse("010-1234-5678", "KR", out var one));
        Assert.True(PhoneNumber.TryParse("+82 10 1234 5678", "US", out var other));
        Assert.Equal(one, other);
    }

    [Theory]
    [InlineData("None", false)]
    [InlineData("Twilio", true)]
    public async Task The_library_is_loaded_only_by_a_blog_with_a_number_to_read(string transport, bool isLoaded)
    {
        using var directory = new TemporaryDirectory();
        await MigratedSqlite.CopyWithPostAsync(directory.File("blog.db"), "a-post");
        await using var blog = await BlogProcess.StartAsync(directory.Path, new Dictionary<string, string>
        {
            ["Email__Transport"] = "None",
            ["Sms__Transport"] = transport,
            ["Sms__From"] = FakeTwilioServer.From,
            ["Sms__Twilio__AccountSid"] = FakeTwilioServer.AccountSid,
            ["Sms__Twilio__AuthToken"] = FakeTwilioServer.AuthToken,
            ["Sms__Twilio__BaseUrl"] = "http://127.0.0.1:9",
        });

        using var page = await blog.Http.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(page.IsSuccessStatusCode);
        Assert.Equal(isLoaded, (await blog.ReadLoadedFilesAsync()).Contains("PhoneNumbers.dll"));
    }

    private static string? Parse(string typed, string region) => PhoneNumber.TryParse(typed, region, out var number) ? number.E164 : null;
}
