using System.Globalization;

namespace BlazorBlog.Data.Seed;

/// <summary>A post of the seed content: lines of <c>key: value</c>, an empty line, Markdown.</summary>
internal sealed record SeedPost(string Title, string Slug, string Author, IReadOnlyList<string> Tags, TimeSpan Age, string Summary, string Markdown)
{
    /// <exception cref="FormatException">A key is missing.</exception>
    public static SeedPost Parse(string text)
    {
        var parts = text.ReplaceLineEndings("\n").Split("\n\n", 2);
        var head = parts[0].Split('\n').Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        string Value(string key) => head.TryGetValue(key, out var value) ? value : throw new FormatException($"A seed post has no '{key}'.");
        return new SeedPost(
            Value("title"),
            Value("slug"),
            Value("author"),
            Value("tags").Split(", "),
            TimeSpan.FromHours(double.Parse(Value("hoursAgo"), CultureInfo.InvariantCulture)),
            Value("summary"),
            parts[1]);
    }
}
