using System.Net;
using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts.SignIn;

/// <summary>
/// Counts wrong passwords by what was typed to sign in, whether it belongs to an account or not: the same work for both, and nothing in the
/// database. Each network has its own count, so that a stranger does not lock the owner out. Kept in memory, per node, as the rate limits are.
/// </summary>
public sealed class PasswordFailures(TimeProvider time)
{
    /// <summary>After so many wrong ones in a row from one network the right one is refused too.</summary>
    public const int MaxFailures = 6;

    /// <summary>The same of all networks together: guesses from many of them have an end as well.</summary>
    public const int MaxFailuresOfAllNetworks = 100;

    /// <summary>Counts that have a place of their own.</summary>
    internal const int Capacity = 200_000;

    /// <summary>After the last wrong one.</summary>
    public static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();

    private readonly Dictionary<string, Failures> _failures = [];

    /// <summary>For the keys that found no place. Several share one count, which may lock too early and never too late.</summary>
    private readonly Failures[] _shared = [.. Enumerable.Range(0, 8_192).Select(_ => new Failures())];

    private DateTimeOffset _sweptAt;

    /// <summary>Counts before the password is looked at, so that trying many at once gains nothing; see <see cref="Clear"/>.</summary>
    /// <param name="key">An address in the spelling by which accounts are looked up, or the id of an account that is signed in.</param>
    /// <param name="network">Where from; null where all networks have one count.</param>
    /// <returns>False when there were too many.</returns>
    public bool TryBegin(string? key, IPAddress? network)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var (ofNetwork, ofAll) = (Find(KeyOf(key, network), now), Find(Shorten(key), now));
            if (ofNetwork.At(now) >= MaxFailures || ofAll.At(now) >= MaxFailuresOfAllNetworks)
            {
                return false;
            }

            ofNetwork.Add(now);
            ofAll.Add(now);
            return true;
        }
    }

    /// <summary>The password was right, or the mailbox has answered.</summary>
    public void Clear(string? key, IPAddress? network)
    {
        lock (_gate)
        {
            foreach (var counted in new[] { KeyOf(key, network), Shorten(key) })
            {
                if (!_failures.Remove(counted))
                {
                    Shared(counted).TakeBack();
                }
            }
        }
    }

    private Failures Find(string key, DateTimeOffset now)
    {
        if (_failures.TryGetValue(key, out var failures))
        {
            return failures;
        }

        // At most once in a while: it looks at all of them.
        if (_failures.Count >= Capacity && now - _sweptAt >= LockoutTime / 10)
        {
            _sweptAt = now;
            foreach (var (old, _) in _failures.Where(failures => failures.Value.At(now) == 0).ToList())
            {
                _failures.Remove(old);
            }
        }

        return _failures.Count < Capacity ? _failures[key] = new Failures() : Shared(key);
    }

    /// <summary>.NET hashes strings with a secret of the process, so nobody can choose an address that shares the count of another.</summary>
    private Failures Shared(string key) => _shared[(uint)key.GetHashCode(StringComparison.Ordinal) % _shared.Length];

    private static string KeyOf(string? key, IPAddress? network) => $"{network.ToLimitKey()} {Shorten(key)}";

    /// <summary>No account has a longer address, and a stranger must not fill the memory with them.</summary>
    private static string Shorten(string? key) => key is { Length: > EmailAddress.MaxLength } ? key[..EmailAddress.MaxLength] : key ?? "";

    private sealed class Failures
    {
        private int _count;
        private DateTimeOffset _lastAt;

        public int At(DateTimeOffset now) => now - _lastAt >= LockoutTime ? 0 : _count;

        public void Add(DateTimeOffset now) => (_count, _lastAt) = (At(now) + 1, now);

        public void TakeBack() => _count = Math.Max(0, _count - 1);
    }
}
