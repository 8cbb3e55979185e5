using System.Text.RegularExpressions;

namespace BlazorBlog.Notifications.Sms;

/// <summary>How numbers are dialled inside one region.</summary>
/// <param name="CallingCode">Country code of ITU-T E.164, e.g. <c>82</c>.</param>
/// <param name="Trunk">Prefix of national numbers that is dropped behind the country code; empty where there is none.</param>
/// <param name="Subscriber">What stands behind the country code.</param>
public sealed record PhoneRegion(string CallingCode, string Trunk, Regex Subscriber)
{
    // Korea: mobile 010 (8 digits) and the old 011, 016 to 019 (7 or 8), Seoul 02, the provinces' 03x to 06x, internet 070, personal 050x.
    private const string Korean = @"10\d{8}|1[16-9]\d{7,8}|2\d{7,8}|(3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8}|70\d{8}|50\d{8,9}";
    private const string NorthAmerican = @"[2-9]\d{2}[2-9]\d{6}";

    private static readonly Dictionary<string, PhoneRegion> Regions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AT"] = Region("43", "0", @"\d{7,13}"),
        ["AU"] = Region("61", "0", @"\d{9}"),
        ["BE"] = Region("32", "0", @"\d{8,9}"),
        ["BR"] = Region("55", "0", @"\d{10,11}"),
        ["CA"] = Region("1", "1", NorthAmerican),
        ["CH"] = Region("41", "0", @"\d{9}"),
        ["CN"] = Region("86", "0", @"\d{10,11}"),
        ["DE"] = Region("49", "0", @"\d{7,12}"),
        ["DK"] = Region("45", "", @"\d{8}"),
        ["ES"] = Region("34", "", @"\d{9}"),
        ["FI"] = Region("358", "0", @"\d{6,11}"),
        ["FR"] = Region("33", "0", @"\d{9}"),
        ["GB"] = Region("44", "0", @"\d{9,10}"),
        ["HK"] = Region("852", "", @"\d{8}"),
        ["ID"] = Region("62", "0", @"\d{8,12}"),
        ["IE"] = Region("353", "0", @"\d{7,9}"),
        ["IN"] = Region("91", "0", @"\d{10}"),
        // Italy keeps the leading zero of landlines in the international form.
        ["IT"] = Region("39", "", @"\d{6,11}"),
        ["JP"] = Region("81", "0", @"\d{9,10}"),
        ["KR"] = Region("82", "0", Korean),
        ["MX"] = Region("52", "", @"\d{10}"),
        ["MY"] = Region("60", "0", @"\d{8,10}"),
        ["NL"] = Region("31", "0", @"\d{9}"),
        ["NO"] = Region("47", "", @"\d{8}"),
        ["NZ"] = Region("64", "0", @"\d{8,10}"),
        ["PH"] = Region("63", "0", @"\d{8,10}"),
        ["PL"] = Region("48", "", @"\d{9}"),
        ["PT"] = Region("351", "", @"\d{9}"),
        ["SE"] = Region("46", "0", @"\d{7,10}"),
        ["SG"] = Region("65", "", @"\d{8}"),
        ["TH"] = Region("66", "0", @"\d{8,9}"),
        ["TW"] = Region("886", "0", @"\d{8,9}"),
        ["US"] = Region("1", "1", NorthAmerican),
        ["VN"] = Region("84", "0", @"\d{9,10}"),
    };

    /// <summary>ISO 3166 codes of the regions whose national numbers can be read.</summary>
    public static IEnumerable<string> Known => Regions.Keys;

    public static PhoneRegion? Find(string isoCode) => Regions.GetValueOrDefault(isoCode);

    public static PhoneRegion? OfCallingCode(string callingCode) => Regions.Values.FirstOrDefault(region => region.CallingCode == callingCode);

    private static PhoneRegion Region(string callingCode, string trunk, string subscriber) =>
        new(callingCode, trunk, new Regex($"^({subscriber})$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript));
}
