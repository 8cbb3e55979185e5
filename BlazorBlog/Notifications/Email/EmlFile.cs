using System.Globalization;
using System.Text;

namespace BlazorBlog.Notifications.Email;

/// <summary>One header field, unfolded and decoded.</summary>
public sealed record EmlHeader(string Name, string Value);

/// <summary>
/// A mail read back for people to look at. Whatever the octets are, there is a result: a damaged or foreign file shows what can be
/// shown of it.
/// </summary>
/// <param name="Headers">In the order of the file.</param>
/// <param name="Text">The plain part; empty when there is none.</param>
/// <param name="Html">The HTML part; empty when there is none. Never trusted: show it in a sandbox only.</param>
public sealed record EmlFile(IReadOnlyList<EmlHeader> Headers, string Text, string Html)
{
    /// <summary>Deeper nesting is only found in mails made to hurt.</summary>
    private const int MaxDepth = 8;

    public string From => this["From"] ?? "";

    public string To => this["To"] ?? "";

    public string Subject => this["Subject"] ?? "";

    public string MessageId => (this["Message-ID"] ?? "").Trim('<', '>', ' ');

    public DateTimeOffset? Date =>
        DateTimeOffset.TryParseExact(WithoutComment(this["Date"] ?? ""), ["ddd, d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm:ss zzz"],
            CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var date) ? date : null;

    /// <summary>The first field of this name, in any case; null when there is none.</summary>
    public string? this[string name] => Find(Headers, name);

    public static EmlFile Parse(ReadOnlySpan<byte> file)
    {
        // One character per octet, so that nothing is lost before the charset is known.
        var entity = Entity.Read(Encoding.Latin1.GetString(file));
        var parts = new Parts();
        Collect(entity, parts, 0);
        return new EmlFile(entity.Headers, parts.Text ?? "", parts.Html ?? "");
    }

    private static void Collect(Entity entity, Parts parts, int depth)
    {
        var children = depth < MaxDepth ? entity.Children() : [];
        foreach (var child in children)
        {
            Collect(child, parts, depth + 1);
        }

        if (children.Count > 0 || entity.IsAttachment)
        {
            return;
        }

        if (entity.MediaType == "text/html")
        {
            parts.Html ??= entity.Content();
        }
        else if (entity.MediaType.StartsWith("text/", StringComparison.Ordinal) || entity.MediaType.StartsWith("multipart/", StringComparison.Ordinal))
        {
            parts.Text ??= entity.Content();
        }
    }

    private static string? Find(IReadOnlyList<EmlHeader> headers, string name) =>
        headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    private static string WithoutComment(string date) => date.IndexOf('(', StringComparison.Ordinal) is var start and > 0 ? date[..start].Trim() : date.Trim();

    private sealed class Parts
    {
        public string? Text { get; set; }

        public string? Html { get; set; }
    }

    private sealed record Entity(IReadOnlyList<EmlHeader> Headers, string Body)
    {
        private string ContentType => Find(Headers, "Content-Type") ?? "text/plain";

        public string MediaType => ContentType.Split(';')[0].Trim().ToLowerInvariant();

        public bool IsAttachment => (Find(Headers, "Content-Disposition") ?? "").StartsWith("attachment", StringComparison.OrdinalIgnoreCase);

        public static Entity Read(string raw)
        {
            var headers = new List<EmlHeader>();
            var field = new StringBuilder();
            var position = 0;
            while (position < raw.Length)
            {
                var end = raw.IndexOf('\n', position);
                var next = end < 0 ? raw.Length : end + 1;
                var line = raw[position..next].TrimEnd('\r', '\n');
                var folded = line.Length > 0 && line[0] is ' ' or '\t' && field.Length > 0;
                if (!folded)
                {
                    Add(headers, field);
                    if (line.Length == 0)
                    {
                        position = next;
                        break;
                    }

                    if (!IsField(line))
                    {
                        break;
                    }
                }

                field.Append(line);
                position = next;
            }

            Add(headers, field);
            return new Entity(headers, raw[position..]);
        }

        /// <summary>The parts of a multipart; empty for anything else and where no boundary is found.</summary>
        public List<Entity> Children()
        {
            var children = new List<Entity>();
            if (!MediaType.StartsWith("multipart/", StringComparison.Ordinal) || Parameter("boundary") is not { Length: > 0 } boundary)
            {
                return children;
            }

            var start = -1;
            var position = 0;
            while (position < Body.Length)
            {
                var end = Body.IndexOf('\n', position);
                var next = end < 0 ? Body.Length : end + 1;
                var line = Body.AsSpan(position, next - position).TrimEnd();
                if (line.StartsWith("--") && line[2..].StartsWith(boundary) && line[(2 + boundary.Length)..] is "" or "--")
                {
                    AddPart(position);
                    start = line.Length == 2 + boundary.Length ? next : -1;
                }

                position = next;
            }

            AddPart(Body.Length);
            return children;

            void AddPart(int end)
            {
                if (start >= 0)
                {
                    children.Add(Read(WithoutLastBreak(Body[start..Math.Max(start, end)])));
                }
            }
        }

        public string Content()
        {
            var bytes = (Find(Headers, "Content-Transfer-Encoding") ?? "").Trim().ToLowerInvariant() switch
            {
                "base64" => TransferEncoding.FromBase64(Body),
                "quoted-printable" => TransferEncoding.FromQuotedPrintable(Body),
                _ => Encoding.Latin1.GetBytes(Body),
            };
            return MimeCharset.Decode(bytes, Parameter("charset")).ReplaceLineEndings("\n");
        }

        private string? Parameter(string name) => ContentType.Split(';').Skip(1)
            .Select(parameter => parameter.Split('=', 2))
            .Where(pair => pair.Length == 2 && pair[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(pair => pair[1].Trim().Trim('"'))
            .FirstOrDefault();

        private static bool IsField(string line) =>
            line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && !line.AsSpan(0, colon).ContainsAnyExceptInRange('!', '~');

        private static void Add(List<EmlHeader> headers, StringBuilder field)
        {
            var text = field.ToString();
            field.Clear();
            if (text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                var value = MimeCharset.Decode(Encoding.Latin1.GetBytes(text[(colon + 1)..]), null);
                headers.Add(new EmlHeader(text[..colon], EncodedWords.Decode(value).Trim()));
            }
        }

        /// <summary>The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1).</summary>
        private static string WithoutLastBreak(string part) =>
            part.EndsWith("\r\n", StringComparison.Ordinal) ? part[..^2] : part.EndsWith('\n') ? part[..^1] : part;
    }
}
