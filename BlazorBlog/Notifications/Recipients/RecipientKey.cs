namespace BlazorBlog.Notifications.Recipients;

/// <summary>
/// Spells and reads the ledger's name of a person: <c>user:{id}</c>, <c>guest:{id}</c>, <c>email:{normalized}</c> or <c>phone:{E.164}</c>.
/// </summary>
public static class RecipientKey
{
    private const string UserPrefix = "user:", GuestPrefix = "guest:", EmailPrefix = "email:", PhonePrefix = "phone:";

    public static string OfUser(Guid id) => $"{UserPrefix}{id}";

    public static string OfGuest(Guid id) => $"{GuestPrefix}{id}";

    public static string OfEmail(string normalized) => EmailPrefix + normalized;

    public static string OfPhone(string number) => PhonePrefix + number;

    /// <returns>Null when the key names no user.</returns>
    public static Guid? UserId(string key) => Guid.TryParse(Rest(key, UserPrefix), out var id) ? id : null;

    /// <returns>Null when the key names no guest.</returns>
    public static Guid? GuestId(string key) => Guid.TryParse(Rest(key, GuestPrefix), out var id) ? id : null;

    /// <returns>Null when the key is no address.</returns>
    public static string? Email(string key) => Rest(key, EmailPrefix);

    /// <returns>Null when the key is no number.</returns>
    public static string? Phone(string key) => Rest(key, PhonePrefix);

    private static string? Rest(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : null;
}
