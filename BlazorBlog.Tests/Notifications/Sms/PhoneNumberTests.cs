namespace BlazorBlog.Notifications.Sms;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("010-1234-5678", "+821012345678")]
    [InlineData("010 1234 5678", "+821012345678")]
    [InlineData("010.1234.5678", "+821012345678")]
    [InlineData("01012345678", "+821012345678")]
    [InlineData("０１０－１２３４－５６７８", "+821012345678")]
    [InlineData("+82 (0)10-1234-5678", "+821012345678")]
    [InlineData("+82 010 1234 5678", "+821012345678")]
    [InlineData("+821012345678", "+821012345678")]
    [InlineData("＋82-10-1234-5678", "+821012345678")]
    [InlineData("0082 10 1234 5678", "+821012345678")]
    [InlineData("011-234-5678", "+82112345678")]
    [InlineData("016-1234-5678", "+821612345678")]
    [InlineData("02-123-4567", "+8221234567")]
    [InlineData("02-312-4567", "+8223124567")]
    [InlineData("(02) 3123-4567", "+82231234567")]
    [InlineData("031-312-4567", "+82313124567")]
    [InlineData("064-7123-4567", "+826471234567")]
    [InlineData("070-1234-5678", "+827012345678")]
    [InlineData("0505-123-4567", "+825051234567")]
    public void Korean_numbers_are_read_as_people_write_them(string typed, string? e164) =>
        Assert.Equal(e164, Parse(typed, "KR"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("010-1234-567")]
    [InlineData("010-1234-56789")]
    [InlineData("012-1234-5678")]
    [InlineData("10-1234-5678")]
    [InlineData("1588-1234")]
    [InlineData("114")]
    [InlineData("010-1234-abcd")]
    [InlineData("010-1234-5678 ext 3")]
    [InlineData("+82 10 1234 567")]
    [InlineData("+")]
    [InlineData("+0 10 1234 5678")]
    [InlineData("82 10 + 12345678")]
    [InlineData("+1 415 555 2671 415 555 2671")]
    [InlineData("010-1234-5678\r\nBcc: x")]
    [InlineData("010-1234-5678\uD83D")]
    [InlineData("010-1234-5678\uFFFE")]
    public void What_is_no_number_is_refused(string typed) => Assert.Null(Parse(typed, "KR"));

    [Theory]
    [InlineData("US", "(415) 555-2671", "+14155552671")]
    [InlineData("US", "1-415-555-2671", "+14155552671")]
    [InlineData("US", "415-155-2671", null)]
    [InlineData("GB", "020 7946 0018", "+442079460018")]
    [InlineData("GB", "+44 (0)20 7946 0018", "+442079460018")]
    [InlineData("DE", "030/1234567", "+49301234567")]
    [InlineData("JP", "090-1234-5678", "+819012345678")]
    [InlineData("FR", "06 12 34 56 78", "+33612345678")]
    [InlineData("FR", "6 12 34 56 78", null)]
    [InlineData("DK", "20 12 34 56", "+4520123456")]
    [InlineData("IT", "06 1234 5678", "+390612345678")]
    [InlineData("it", "312 345 6789", "+393123456789")]
    public void National_numbers_of_other_regions_lose_their_trunk_prefix(string region, string typed, string? e164) =>
        Assert.Equal(e164, Parse(typed, region));

    [Theory]
    [InlineData("+1 415 555 2671", "1", "4155552671")]
    [InlineData("+7 912 345 67 89", "7", "9123456789")]
    [InlineData("+380 44 123 4567", "380", "441234567")]
    [InlineData("+353 85 012 3456", "353", "850123456")]
    [InlineData("+852 5123 4567", "852", "51234567")]
    [InlineData("+998 90 123 45 67", "998", "901234567")]
    public void An_international_number_is_split_at_its_country_code(string typed, string callingCode, string subscriber)
    {
        Assert.True(PhoneNumber.TryParse(typed, "KR", out var number));
        Assert.Equal((callingCode, subscriber), (number.CallingCode, number.Subscriber));
    }

    [Theory]
    [InlineData("+821012345678", "82", "01012345678")]
    [InlineData("+8223124567", "82", "023124567")]
    [InlineData("+14155552671", "1", "4155552671")]
    public void The_national_form_is_what_the_country_dials(string e164, string country, string national)
    {
        Assert.True(PhoneNumber.TryParse(e164, "KR", out var number));
        Assert.Equal((country, national), (number.CallingCode, number.National));
    }

    [Fact]
    public void Two_spellings_of_one_number_are_equal()
    {
        Assert.True(PhoneNumber.TryParse("010-1234-5678", "KR", out var one));
        Assert.True(PhoneNumber.TryParse("+82 10 1234 5678", "US", out var other));
        Assert.Equal(one, other);
    }

    private static string? Parse(string typed, string region) => PhoneNumber.TryParse(typed, region, out var number) ? number.E164 : null;
}
