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

    private readonly Lock _gate = new();

    private readonly MemoryCache _lately = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>
    /// Called once for each comment that is posted, outside of the transaction that saves it: it remembers the comment, so that comments posted at
    /// once count too, and a transaction may be tried again. Where it is not saved, <see cref="Forget"/> must follow.
    /// </summary>
    /// <returns>Why the comment waits, whoever wrote it; null when it depends on the writer, see <see cref="JudgeWriter"/>.</returns>
    public HoldReason? Judge(NewComment comment)
    {
        if (comment.Account?.IsStaff == true)
        {
            return null;
        }

        var words = WordsKey(comment);
        bool isRepeated, isFast;
        lock (_gate)
        {
            (isRepeated, isFast) = (words is not null && IsRepeated(comment, words), IsFast(comment));
        }

        return JudgeWords($"{comment.Name}\n{comment.Body}", comment.Html) ?? (isRepeated ? HoldReason.RepeatedText : isFast ? HoldReason.TooFast : null);
    }

    /// <summary>The comment was refused, failed, or repeats one that is there.</summary>
    public void Forget(NewComment comment)
    {
        var words = WordsKey(comment);
        lock (_gate)
        {
            if (words is not null && _lately.TryGetValue(words, out List<Place>? places))
            {
                places!.RemoveAll(place => place.CommentId == comment.Id);
            }

            if (_lately.TryGetValue(MomentsKey(comment), out List<Moment>? moments))
            {
                moments!.RemoveAll(moment => moment.CommentId == comment.Id);
            }
        }
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

    private bool IsRepeated(NewComment comment, string words)
    {
        var places = Remembered<Place>(words, Day);
        var place = new Place(Writer(comment), comment.PostId, comment.ParentId, comment.Id);
        var isElsewhere = places.Exists(other => other.Author == place.Author && !other.IsSame(place));
        var isCampaign = limits.Enabled && places.Select(other => other.Author).Append(place.Author).Distinct().Count() > MostStrangers;
        if (places.Count <= MostStrangers && !places.Exists(place.IsSame))
        {
            places.Add(place);
        }

        return isElsewhere || isCampaign;
    }

    private bool IsFast(NewComment comment)
    {
        if (!limits.Enabled)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var moments = Remembered<Moment>(MomentsKey(comment), Minute);
        moments.RemoveAll(moment => now - moment.At >= Minute);

        // The same form sent again is no further comment.
        var content = SubmissionKey.Content(comment);
        if (!moments.Exists(moment => moment.Content == content))
        {
            moments.Add(new Moment(now, content, comment.Id));
        }

        return moments.Count > settings.HoldAbovePerMinute;
    }

    /// <returns>Null for words that many say.</returns>
    private static string? WordsKey(NewComment comment)
    {
        var words = string.Join(' ', ComparableText.OfHtml(comment.Html).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length < LeastRepeated ? null : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(words)));
    }

    private static string MomentsKey(NewComment comment) => $"moments {Writer(comment)}";

    private static Guid Writer(NewComment comment) => comment.WriterId ?? comment.NewGuestId;

    private List<T> Remembered<T>(string key, TimeSpan unused) => _lately.GetOrCreate(key, entry =>
    {
        entry.Size = 1;
        entry.SlidingExpiration = unused;
        return new List<T>();
    })!;

    private readonly record struct Moment(DateTimeOffset At, string Content, Guid CommentId);

    private readonly record struct Place(Guid Author, Guid PostId, Guid? ParentId, Guid CommentId)
    {
        public bool IsSame(Place other) => (Author, PostId, ParentId) == (other.Author, other.PostId, other.ParentId);
    }
}
