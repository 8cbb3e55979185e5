namespace BlazorBlog.Hosting;

public sealed class RateLimitSettings : ISettings
{
    public bool Enabled { get; set; } = true;

    /// <summary>Comments one address may post in a minute.</summary>
    public int CommentsPerMinute { get; set; } = 6;

    /// <summary>Passwords and codes one network address may try in a minute.</summary>
    public int SignInsPerMinute { get; set; } = 10;

    /// <summary>Mails about accounts that one network address may cause to one mailbox in an hour; all together six times as many.</summary>
    public int AccountMailsPerHour { get; set; } = 5;

    public IEnumerable<string> Validate(string section)
    {
        foreach (var (name, value) in new[]
        {
            (nameof(CommentsPerMinute), CommentsPerMinute),
            (nameof(SignInsPerMinute), SignInsPerMinute),
            (nameof(AccountMailsPerHour), AccountMailsPerHour),
        })
        {
            if (value < 1)
            {
                yield return $"{section}:{name}: must be 1 or more. Set {section}:Enabled to false for no limit.";
            }
        }
    }
}
