using System.Diagnostics.CodeAnalysis;
using PhoneNumbers;

namespace BlazorBlog.Notifications.Sms;

/// <summary>
/// A valid telephone number, read and written by libphonenumber's rules for each region. The library takes a tenth of a second to load its
/// tables: nothing touches it before the first number is read, and no constructor or field is of its types, which a scan of this assembly would load.
/// </summary>
public sealed record PhoneNumber
{
    private const int MaxLength = 40;

    private PhoneNumber()
    {
    }

    /// <summary>E.g. <c>+821012345678</c>; the form in which numbers are stored.</summary>
    public required string E164 { get; init; }

    /// <summary>E.g. <c>82</c>.</summary>
    public required int CountryCode { get; init; }

    /// <summary>ISO 3166 code; <c>001</c> for numbers of no country, such as +800.</summary>
    public required string Region { get; init; }

    /// <summary>The digits behind the country code, e.g. <c>1012345678</c>.</summary>
    public required string Subscriber { get; init; }

    /// <summary>As written inside its country, e.g. <c>010-1234-5678</c>.</summary>
    public required string National { get; init; }

    /// <summary>As written elsewhere, e.g. <c>+82 10-1234-5678</c>.</summary>
    public required string International { get; init; }

    private static PhoneNumberUtil Library => PhoneNumberUtil.GetInstance();

    /// <summary>Whether the national numbers of a region (ISO 3166, two letters in any case) can be read.</summary>
    public static bool IsRegion(string region) => Library.GetSupportedRegions().Contains(region.ToUpperInvariant());

    /// <summary>
    /// Reads an international number (<c>+82 (0)10-1234-5678</c>) or one as it is dialled in <paramref name="region"/> (<c>010.1234.5678</c>).
    /// Numbers spelt in letters and extensions are refused: neither can receive an SMS.
    /// </summary>
    /// <param name="text">What a person typed.</param>
    /// <param name="region">See <see cref="IsRegion"/>.</param>
    /// <param name="number">The number, when the answer is true.</param>
    public static bool TryParse(string? text, string region, [NotNullWhen(true)] out PhoneNumber? number)
    {
        number = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength || text.Any(char.IsLetter))
        {
            return false;
        }

        try
        {
            var parsed = Library.Parse(text, region.ToUpperInvariant());
            number = Library.IsValidNumber(parsed) && !parsed.HasExtension ? Of(parsed) : null;
        }
        catch (NumberParseException)
        {
            // Not a number.
        }

        return number is not null;
    }

    /// <summary>A stored number as readers in <paramref name="region"/> write it; the text itself when it is no number.</summary>
    /// <param name="e164">As stored.</param>
    /// <param name="region">Whose numbers are shown without country code.</param>
    public static string Display(string e164, string region) =>
        !TryParse(e164, region, out var number) ? e164
        : number.Region.Equals(region, StringComparison.OrdinalIgnoreCase) ? number.National
        : number.International;

    public override string ToString() => E164;

    private static PhoneNumber Of(PhoneNumbers.PhoneNumber number) => new()
    {
        E164 = Library.Format(number, PhoneNumberFormat.E164),
        CountryCode = number.CountryCode,
        Region = Library.GetRegionCodeForNumber(number),
        Subscriber = Library.GetNationalSignificantNumber(number),
        National = Library.Format(number, PhoneNumberFormat.NATIONAL),
        International = Library.Format(number, PhoneNumberFormat.INTERNATIONAL),
    };
}
