using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Hosting;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorBlog.Comments.Moderation;

/// <summary>
/// Decides which comments wait for a moderator. What was posted lately is remembered in this process alone, as the rate limits are: nodes
/// do not know of each other's.
/// </summary>
public sealed class CommentModeration(CommentSettings settings, RateLimitSettings limits, TimeProvider time) : IDisposable
{
    /// <summary>In characters. Shorter ones, such as "Thank you!", are said by many.</summary>
    private const int LeastRepeated = 30;

    /// <summary>Different authors who may post the same text; above this number it is held as spam.</summary>
    private const int MostStrangers = 3;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1), Minute = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _lately = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <param name="comment">A new comment.</param>
    /// <param name="author">Its account or guest; one who is new writes for the first time.</param>
    /// <param name="isTrusted">One of the author's was approved before.</param>
    /// <returns>Null when it may be seen at once.</returns>
    public HoldReason? Judge(NewComment comment, Guid author, bool isTrusted)
    {
        if (comment.Account?.IsStaff == true)
        {
            return null;
        }

        var isRepeated = IsRepeated(comment, author);
        var isFast = IsFast(comment, author);
        return JudgeWords($"{comment.Name}\n{comment.Body}", comment.Html)
            ?? (isRepeated ? HoldReason.RepeatedText : isFast ? HoldReason.TooFast : JudgeAuthor(isTrusted));
    }

    /// <summary>Applies the rules about words to edits too, so that an approved comment cannot be edited into one that would be held.</summary>
    public HoldReason? JudgeEdit(string body, string html) =>
        JudgeWords(body, html) ?? (settings.Moderation == ModerationMode.All ? HoldReason.EveryComment : null);

    public void Dispose() => _lately.Dispose();

    private HoldReason? JudgeAuthor(bool isTrusted) => settings.Moderation switch
    {
        ModerationMode.All => HoldReason.EveryComment,
        ModerationMode.FirstComment when !isTrusted => HoldReason.FirstComment,
        _ => null,
    };

    private HoldReason? JudgeWords(string text, string html) =>
        settings.BlockedWords.Any(word => Contains(text, word)) ? HoldReason.BlockedWord
        : Links(html) > settings.MaxLinks ? HoldReason.TooManyLinks
        : null;

    private static int Links(string html) => html.AsSpan().Count("<a ");

    /// <summary>Letters of the Latin alphabet end a word; Korean ones may go on into an ending.</summary>
    private static bool Contains(string text, string word)
    {
        text = text.Normalize();
        word = word.Normalize();
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            var beginsInside = at > 0 && IsLatin(text[at - 1]) && IsLatin(word[0]);
            var endsInside = end < text.Length && IsLatin(text[end]) && IsLatin(word[^1]);
            if (!beginsInside && !endsInside)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>With their accents: "caf" is not in "café".</summary>
    private static bool IsLatin(char c) => char.IsAsciiLetterOrDigit(c) || (c is >= '\u00C0' and <= '\u024F' && char.IsLetter(c));

    private bool IsRepeated(NewComment comment, Guid author)
    {
        var words = string.Join(' ', comment.Body.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length < LeastRepeated)
        {
            return false;
        }

        var places = Remember(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(words))), () => new HashSet<Place>(), Day);
        lock (places)
        {
            var place = new Place(author, comment.PostId, comment.ParentId);
            var isElsewhere = places.Any(other => other.Author == author && other != place);
            var isCampaign = limits.Enabled && places.Select(other => other.Author).Append(author).Distinct().Count() > MostStrangers;
            if (places.Count <= MostStrangers)
            {
                places.Add(place);
            }

            return isElsewhere || isCampaign;
        }
    }

    private bool IsFast(NewComment comment, Guid author)
    {
        if (!limits.Enabled)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var moments = Remember($"moments {author}", () => new Queue<Timestamp>(), Minute);
        lock (moments)
        {
            while (moments.TryPeek(out var oldest) && now - oldest.At >= Minute)
            {
                moments.Dequeue();
            }

            // A retry of a failed save was already counted.
            if (!moments.Any(moment => moment.CommentId == comment.Id))
            {
                moments.Enqueue(new Timestamp(now, comment.Id));
            }

            return moments.Count > settings.HoldAbovePerMinute;
        }
    }

    private T Remember<T>(string key, Func<T> make, TimeSpan unused) where T : class => _lately.GetOrCreate(key, entry =>
    {
        entry.Size = 1;
        entry.SlidingExpiration = unused;
        return make();
    })!;

    private readonly record struct Timestamp(DateTimeOffset At, Guid CommentId);

    private readonly record struct Place(Guid Author, Guid PostId, Guid? ParentId);
}
