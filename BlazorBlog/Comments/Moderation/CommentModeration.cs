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

    /// <summary>
    /// Called once for each comment that is posted, outside of the transaction that saves it: it remembers the comment, and a transaction may be
    /// tried again.
    /// </summary>
    /// <returns>Why the comment waits, whoever wrote it; null when it depends on the writer, see <see cref="JudgeWriter"/>.</returns>
    public HoldReason? Judge(NewComment comment)
    {
        if (comment.Account?.IsStaff == true)
        {
            return null;
        }

        var writer = comment.WriterId ?? comment.NewGuestId;
        var isRepeated = IsRepeated(comment, writer);
        var isFast = IsFast(comment, writer);
        return JudgeWords($"{comment.Name}\n{comment.Body}", comment.Html) ?? (isRepeated ? HoldReason.RepeatedText : isFast ? HoldReason.TooFast : null);
    }

    /// <param name="isStaff">Comments of the staff never wait.</param>
    /// <param name="isTrusted">Another comment of the same writer was approved.</param>
    /// <returns>Null when it may be seen at once.</returns>
    public HoldReason? JudgeWriter(bool isStaff, bool isTrusted) => settings.Moderation switch
    {
        _ when isStaff => null,
        ModerationMode.All => HoldReason.EveryComment,
        ModerationMode.FirstComment when !isTrusted => HoldReason.FirstComment,
        _ => null,
    };

    /// <summary>Applies the rules to edits too, so that an approved comment cannot be edited into one that would be held.</summary>
    /// <inheritdoc cref="JudgeWriter" path="/param"/>
    /// <returns>Null when it may be seen at once.</returns>
    public HoldReason? JudgeEdit(string body, string html, bool isStaff, bool isTrusted) =>
        isStaff ? null : JudgeWords(body, html) ?? JudgeWriter(isStaff, isTrusted);

    public void Dispose() => _lately.Dispose();

    /// <summary>What was typed is looked at as well as what is shown: the title of a link, say, is not in the words.</summary>
    private HoldReason? JudgeWords(string typed, string html)
    {
        if (settings.BlockedWords.Count > 0)
        {
            var text = $"{ComparableText.Of(typed)}\n{ComparableText.OfHtml(html)}";
            if (settings.BlockedWords.Any(word => Contains(text, ComparableText.Of(word))))
            {
                return HoldReason.BlockedWord;
            }
        }

        return Links(html) > settings.MaxLinks ? HoldReason.TooManyLinks : null;
    }

    private static int Links(string html) => html.AsSpan().Count("<a ");

    /// <summary>Letters of the Latin alphabet end a word; Korean ones may go on into an ending.</summary>
    private static bool Contains(string text, string word)
    {
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
        var words = string.Join(' ', ComparableText.OfHtml(comment.Html).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
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

            // The same form sent again is no further comment.
            var content = SubmissionKey.Content(comment);
            if (!moments.Any(moment => moment.Content == content))
            {
                moments.Enqueue(new Timestamp(now, content));
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

    private readonly record struct Timestamp(DateTimeOffset At, string Content);

    private readonly record struct Place(Guid Author, Guid PostId, Guid? ParentId);
}
