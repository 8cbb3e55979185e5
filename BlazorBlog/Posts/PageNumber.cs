using System.Globalization;

namespace BlazorBlog.Posts;

public static class PageNumber
{
    /// <summary>No number at all is the first page.</summary>
    public static bool TryParse(string? text, out int page)
    {
        page = 1;
        return text is null || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out page);
    }
}
