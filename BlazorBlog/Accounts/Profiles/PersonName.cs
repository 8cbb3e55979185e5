using System.Globalization;
using BlazorBlog.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Profiles;

/// <summary>What people type to say who they are.</summary>
public static class PersonName
{
    /// <summary>A name is one line; what would break it or turn its direction is left out.</summary>
    public static string Clean(string name) =>
        string.Concat(name.Normalize().Where(c => !char.IsControl(c) && c is not (>= '\u202A' and <= '\u202E') and not (>= '\u2066' and <= '\u2069'))).Trim();

    /// <summary>What is wrong with a cleaned name, or null. Guests and accounts have room for the same.</summary>
    public static string? Problem(string name, IStringLocalizer<Texts> texts) =>
        !HasText(name) ? texts["Enter your name."].Value
        : name.Length > BlogUser.MaxNameLength ? texts["Use at most {0} characters for the name.", BlogUser.MaxNameLength].Value
        : null;

    /// <summary>A name of only blanks, format characters and fillers would look empty.</summary>
    public static bool HasText(string text) =>
        text.Any(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format && c is not ('\u3164' or '\u115F' or '\u1160'));
}
