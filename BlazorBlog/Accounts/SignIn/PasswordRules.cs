using BlazorBlog.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>
/// Length counts, kinds of characters do not (NIST SP 800-63B, 3.1.1.2): rules about capitals and digits lead to passwords that users
/// write down and that programs guess.
/// </summary>
internal sealed class PasswordRules(IStringLocalizer<Texts> texts) : IPasswordValidator<BlogUser>
{
    /// <summary>In characters.</summary>
    public const int MinLength = 10;

    /// <summary>Longer ones cost time to hash and add nothing.</summary>
    public const int MaxLength = 128;

    private const int MinDifferent = 5;

    private static readonly string[] Walks = ["0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p"];

    private static readonly string[] Worn = ["password", "passw0rd", "letmein", "iloveyou", "welcome", "administrator", "changeme"];

    public Task<IdentityResult> ValidateAsync(UserManager<BlogUser> manager, BlogUser user, string? password) =>
        Task.FromResult(Weakness(password ?? "", [user.Email ?? "", user.DisplayName]) is { } weakness
            ? IdentityResult.Failed(new IdentityError { Code = weakness.ToString(), Description = weakness.Explain(texts) })
            : IdentityResult.Success);

    /// <param name="password">As typed.</param>
    /// <param name="known">Publicly known facts about the user: address, name.</param>
    /// <returns>Null for a password that will do.</returns>
    public static PasswordWeakness? Weakness(string password, IEnumerable<string> known)
    {
        if (password.Length < MinLength)
        {
            return PasswordWeakness.TooShort;
        }

        if (password.Length > MaxLength)
        {
            return PasswordWeakness.TooLong;
        }

        var plain = password.ToLowerInvariant();
        var isGuessable = plain.Distinct().Count() < MinDifferent
            || Walks.Any(walk => (walk + walk).Contains(plain, StringComparison.Ordinal))
            || Worn.Any(word => plain.Replace(word, "", StringComparison.Ordinal).Length < MinDifferent)
            || known.SelectMany(text => text.ToLowerInvariant().Split('@').Append(text.ToLowerInvariant()))
                .Any(text => text.Length >= MinDifferent && plain.Replace(text, "", StringComparison.Ordinal).Length < MinDifferent);
        return isGuessable ? PasswordWeakness.Guessable : null;
    }
}

internal enum PasswordWeakness
{
    TooShort,
    TooLong,
    Guessable,
}

internal static class PasswordWeaknesses
{
    public static string Explain(this PasswordWeakness weakness, IStringLocalizer<Texts> texts) => weakness switch
    {
        PasswordWeakness.TooShort => texts["Use at least {0} characters. A few words in a row are easy to keep in mind.", PasswordRules.MinLength],
        PasswordWeakness.TooLong => texts["Use at most {0} characters.", PasswordRules.MaxLength],
        _ => texts["This one would be guessed early. Use a few words that have nothing to do with each other."],
    };

    /// <summary>For the log, in English, without localisation.</summary>
    public static string Explain(this PasswordWeakness weakness) => weakness switch
    {
        PasswordWeakness.TooShort => $"use at least {PasswordRules.MinLength} characters.",
        PasswordWeakness.TooLong => $"use at most {PasswordRules.MaxLength} characters.",
        _ => "it would be guessed early; use a few words that have nothing to do with each other.",
    };
}
