namespace BlazorBlog.Posts;

public static class ReadingTime
{
    private const int WordsPerMinute = 230;

    private const int HangulSyllablesPerMinute = 550;

    /// <summary>Whole minutes, at least 1. Korean is counted by syllable: its words are longer and fewer.</summary>
    public static int Minutes(string markdown)
    {
        var hangul = markdown.Count(c => c is >= '가' and <= '힣');
        var words = markdown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(word => word.Any(char.IsAsciiLetter));
        return Math.Max(1, (int)Math.Round(((double)hangul / HangulSyllablesPerMinute) + ((double)words / WordsPerMinute)));
    }
}
