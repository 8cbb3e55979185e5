namespace BlazorBlog.Hosting;

public sealed class RateLimitSettings : ISettings
{
    public bool Enabled { get; set; } = true;

    /// <summary>Comments one address may post in a minute.</summary>
    public int CommentsPerMinute { get; set; } = 6;

    public IEnumerable<string> Validate(string section)
    {
        if (CommentsPerMinute < 1)
        {
            yield return $"{section}:CommentsPerMinute: must be 1 or more. Set {section}:Enabled to false for no limit.";
        }
    }
}
