using BlazorBlog.Hosting;

namespace BlazorBlog.Comments;

public sealed class CommentSettings : ISettings
{
    public Moderation Moderation { get; set; } = Moderation.None;

    /// <summary>Longest body, in characters (UTF-16 units).</summary>
    public int MaxLength { get; set; } = 5000;

    /// <summary>Levels of replies below a top comment; deeper ones stand beside the comment they answer.</summary>
    public int MaxDepth { get; set; } = 4;

    /// <summary>How long a writer may change a comment.</summary>
    public TimeSpan EditWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A form sent sooner than this after its page was made was filled by a program; 0 = not checked.</summary>
    public int MinimumSeconds { get; set; } = 3;

    public IEnumerable<string> Validate(string section)
    {
        if (MaxLength is < 1 or > 100_000)
        {
            yield return $"{section}:MaxLength: must be from 1 to 100000 characters.";
        }

        if (MaxDepth is < 0 or > 20)
        {
            yield return $"{section}:MaxDepth: must be from 0 to 20.";
        }

        if (MinimumSeconds is < 0 or > 300)
        {
            yield return $"{section}:MinimumSeconds: must be from 0 (not checked) to 300.";
        }
    }
}
