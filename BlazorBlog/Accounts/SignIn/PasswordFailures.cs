using Microsoft.Extensions.Caching.Memory;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>
/// Counts wrong passwords by what was typed to sign in, whether it belongs to an account or not: the same work for both, and nothing in the
/// database. Kept in memory, per node, as the rate limits are.
/// </summary>
public sealed class PasswordFailures(TimeProvider time) : IDisposable
{
    /// <summary>After so many wrong ones in a row the right one is refused too.</summary>
    public const int MaxFailures = 6;

    /// <summary>After the last wrong one.</summary>
    public static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _failures = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>Counts before the password is looked at, so that trying many at once gains nothing; see <see cref="Clear"/>.</summary>
    /// <param name="key">An address in the spelling by which accounts are looked up, or the id of an account that is signed in.</param>
    /// <returns>False when there were too many.</returns>
    public bool TryBegin(string? key)
    {
        var failures = _failures.GetOrCreate(Shorten(key), entry =>
        {
            entry.Size = 1;
            entry.SlidingExpiration = LockoutTime;
            return new Failures();
        })!;
        lock (failures)
        {
            var now = time.GetUtcNow();
            if (now - failures.LastAt >= LockoutTime)
            {
                failures.Count = 0;
            }

            if (failures.Count >= MaxFailures)
            {
                return false;
            }

            failures.Count++;
            failures.LastAt = now;
            return true;
        }
    }

    /// <summary>The password was right, or the mailbox has answered.</summary>
    public void Clear(string? key) => _failures.Remove(Shorten(key));

    public void Dispose() => _failures.Dispose();

    /// <summary>No account has a longer address, and a stranger must not fill the memory with them.</summary>
    private static string Shorten(string? key) => key is { Length: > EmailAddress.MaxLength } ? key[..EmailAddress.MaxLength] : key ?? "";

    private sealed class Failures
    {
        public int Count { get; set; }

        public DateTimeOffset LastAt { get; set; }
    }
}
