namespace BlazorBlog.Support;

/// <summary>A clock that shows one moment for ever.</summary>
public sealed class StillClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
