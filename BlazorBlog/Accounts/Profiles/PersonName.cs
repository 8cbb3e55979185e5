using BlazorBlog.Components;
using BlazorBlog.Hosting;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Profiles;

/// <summary>What people type to say who they are.</summary>
public static class PersonName
{
    /// <summary>A name is one line; what would break it or turn its direction is left out.</summary>
    public static string Clean(string name) => string.Concat(TypedText.Clean(name).Normalize()
        .Where(c => !char.IsControl(c) && c is not (>= '\u202A' and <= '\u202E') and not (>= '\u2066' and <= '\u2069'))).Trim();

    /// <summary>What is wrong with a cleaned name, or null. Guests and accounts have room for the same.</summary>
    public static string? Problem(string name, IStringLocalizer<Texts> texts) =>
        !TypedText.IsSeen(name) ? texts["Enter your name."].Value
        : name.Length > BlogUser.MaxNameLength ? texts["Use at most {0} characters for the name.", BlogUser.MaxNameLength].Value
        : null;
}
