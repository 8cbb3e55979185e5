using System.Globalization;

namespace BlazorBlog.Accounts;

/// <summary>What people type to say who they are.</summary>
public static class PersonName
{
    /// <summary>A name is one line; what would break it or turn its direction is left out.</summary>
    public static string Clean(string name) =>
        string.Concat(name.Normalize().Where(c => !char.IsControl(c) && c is not (>= '\u202A' and <= '\u202E') and not (>= '\u2066' and <= '\u2069'))).Trim();

    /// <summary>Blanks, format characters and fillers alone say nothing.</summary>
    public static bool HasText(string text) =>
        text.Any(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format && c is not ('\u3164' or '\u115F' or '\u1160'));
}
