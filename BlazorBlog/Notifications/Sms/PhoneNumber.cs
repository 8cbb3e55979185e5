using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorBlog.Notifications.Sms;

/// <summary>A telephone number, kept as country code and subscriber number (ITU-T E.164).</summary>
public sealed partial record PhoneNumber
{
    private PhoneNumber(string callingCode, string subscriber)
    {
        CallingCode = callingCode;
        Subscriber = subscriber;
    }

    /// <summary>Country code without plus, e.g. <c>82</c>.</summary>
    public string CallingCode { get; }

    /// <summary>What stands behind the country code, e.g. <c>1012345678</c>.</summary>
    public string Subscriber { get; }

    /// <summary>E.g. <c>+821012345678</c>.</summary>
    public string E164 => $"+{CallingCode}{Subscriber}";

    /// <summary>As dialled inside its country, digits only: <c>01012345678</c>. Where a trunk prefix is optional (North America), without it.</summary>
    public string National => PhoneRegion.OfCallingCode(CallingCode) is { Trunk: "0" } ? $"0{Subscriber}" : Subscriber;

    public override string ToString() => E164;

    /// <summary>
    /// Reads an international number (<c>+82 (0)10-1234-5678</c>, <c>0082 10…</c>) or a national one of <paramref name="region"/>
    /// (<c>010.1234.5678</c>). Spaces, dashes, dots, slashes and brackets separate; full-width characters count as their plain ones.
    /// </summary>
    /// <param name="text">What a person typed.</param>
    /// <param name="region">ISO 3166 code that <see cref="PhoneRegion"/> knows.</param>
    /// <param name="number">The number, when the answer is true.</param>
    public static bool TryParse(string? text, string region, [NotNullWhen(true)] out PhoneNumber? number)
    {
        number = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 40 || !text.All(IsPlausible))
        {
            return false;
        }

        var typed = text.Normalize(NormalizationForm.FormKC).Trim();
        var international = typed.StartsWith('+') || typed.StartsWith("00", StringComparison.Ordinal);
        // A trunk zero in brackets behind the country code is not dialled from abroad.
        var withoutTrunk = international ? typed.Replace("(0)", "", StringComparison.Ordinal) : typed;
        var digits = Separators().Replace(withoutTrunk.StartsWith('+') ? withoutTrunk[1..] : withoutTrunk, "");
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        number = international
            ? International(typed.StartsWith('+') ? digits : digits[2..])
            : PhoneRegion.Find(region) is { } home ? OfRegion(home, WithoutTrunk(home, digits)) : null;
        return number is not null;
    }

    // Torn surrogates and noncharacters would make normalization throw.
    private static bool IsPlausible(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);

    private static PhoneNumber? International(string digits)
    {
        if (CallingCodes().Match(digits) is not { Success: true, Value: var callingCode })
        {
            return null;
        }

        var subscriber = digits[callingCode.Length..];
        if (PhoneRegion.OfCallingCode(callingCode) is not { } region)
        {
            // E.164: fifteen digits at most. Seven is the shortest number any country dials from abroad for a person.
            return digits.Length is >= 7 and <= 15 ? new PhoneNumber(callingCode, subscriber) : null;
        }

        // Written without brackets by many: +82 010-1234-5678. No subscriber number begins with the trunk zero where there is one.
        return OfRegion(region, region.Trunk == "0" && subscriber.StartsWith('0') ? subscriber[1..] : subscriber);
    }

    private static PhoneNumber? OfRegion(PhoneRegion region, string? subscriber) =>
        subscriber is not null && region.Subscriber.IsMatch(subscriber) ? new PhoneNumber(region.CallingCode, subscriber) : null;

    private static string? WithoutTrunk(PhoneRegion region, string digits) => region.Trunk switch
    {
        "0" => digits.StartsWith('0') ? digits[1..] : null,
        "1" => digits.StartsWith('1') ? digits[1..] : digits,
        _ => digits,
    };

    [GeneratedRegex(@"[\s\p{Pd}./()\u00B7]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();

    // The zones of ITU-T E.164: one digit for 1 and 7, two for the codes listed, three for the rest.
    [GeneratedRegex("^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex CallingCodes();
}
