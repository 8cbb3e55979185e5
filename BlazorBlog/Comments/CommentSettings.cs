using BlazorBlog.Hosting;

namespace BlazorBlog.Comments;

public sealed class CommentSettings : ISettings
{
    public ModerationMode Moderation { get; set; } = ModerationMode.None;

    /// <summary>Longest body, in characters (UTF-16 units).</summary>
    public int MaxLength { get; set; } = 5000;

    /// <summary>Levels of replies below a top comment; deeper ones stand beside the comment they answer.</summary>
    public int MaxDepth { get; set; } = 4;

    /// <summary>How long a writer may change a comment.</summary>
    public TimeSpan EditWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A form sent sooner than this after its page was made was filled by a program; 0 = not checked.</summary>
    public int MinimumSeconds { get; set; } = 3;

    /// <summary>A comment with more links than this waits for approval.</summary>
    public int MaxLinks { get; set; } = 5;

    /// <summary>A comment with one of these words waits for approval; upper and lower case are alike.</summary>
    public IReadOnlyList<string> BlockedWords { get; set; } = [];

    /// <summary>Of more comments that one writer posts within a minute, the further ones wait for approval; counted while RateLimits:Enabled.</summary>
    public int HoldAbovePerMinute { get; set; } = 4;

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

        if (EditWindow < TimeSpan.Zero)
        {
            yield return $"{section}:EditWindow: must not be negative; 00:00:00 allows no edits.";
        }

        if (MaxLinks < 0)
        {
            yield return $"{section}:MaxLinks: must be 0 or more.";
        }

        if (HoldAbovePerMinute < 1)
        {
            yield return $"{section}:HoldAbovePerMinute: must be 1 or more.";
        }

        if (MinimumSeconds is < 0 or > 300)
        {
            yield return $"{section}:MinimumSeconds: must be from 0 (not checked) to 300.";
        }
    }
}

public enum ModerationMode
{
    /// <summary>Every comment is visible at once.</summary>
    None,

    /// <summary>The first comment of each writer waits for approval.</summary>
    FirstComment,

    /// <summary>Every comment waits for approval.</summary>
    All,
}
