using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorBlog.Support;

/// <summary>
/// SOLAPI, the API of CoolSMS: the HMAC with a salt that was never used and a date within 15 minutes, the shape of the JSON, digits-only
/// numbers, EUC-KR lengths, duplicates, lists with pages. Point <c>Sms:CoolSms:BaseUrl</c> at <see cref="FakeProvider.BaseUrl"/>.
/// </summary>
public sealed partial class FakeSolapiServer : FakeProvider
{
    public const string ApiKey = "NCSAAAAAAAAAAAAA";
    public const string ApiSecret = "SECRETSECRETSECRETSECRETSECRET12";
    public const string From = "0212345678";

    private static readonly Encoding EucKr = OpenEucKr();

    private readonly TimeProvider _time;
    private readonly HashSet<string> _signatures = [];
    private readonly Lock _gate = new();

    private FakeSolapiServer(TimeProvider time) => _time = time;

    /// <summary>What was taken, whatever was answered.</summary>
    public Recorded<FakeSolapiMessage> Messages { get; } = new();

    /// <summary>Messages to these numbers (national form) are refused with this status code.</summary>
    public Dictionary<string, string> StatusOfNumber { get; } = [];

    /// <summary>A call with one of these numbers (national form) is refused as a whole.</summary>
    public HashSet<string> PoisonNumbers { get; } = [];

    /// <summary>Whether refusals repeat our custom fields.</summary>
    public bool RefusesByName { get; set; } = true;

    /// <summary>Whether the ids of taken messages are told although they were asked for.</summary>
    public bool ShowsTaken { get; set; } = true;

    /// <summary>Longest page of a list, whatever was asked for.</summary>
    public int PageSize { get; set; } = 500;

    public static async Task<FakeSolapiServer> StartAsync(TimeProvider? time = null)
    {
        var server = new FakeSolapiServer(time ?? TimeProvider.System);
        server.Routes.MapPost("/messages/v4/send-many/detail", (Delegate)server.SendAsync);
        server.Routes.MapGet("/messages/v4/list", server.List);
        await server.ListenAsync();
        return server;
    }

    private async Task<IResult> SendAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var requested = body.RootElement.GetProperty("messages").EnumerateArray().ToList();
        Requests.Add($"{requested.Count} messages");
        if (Unauthorized(context) is { } unauthorized)
        {
            return unauthorized;
        }

        if (requested.Count == 0 || requested.Any(message => !IsWellFormed(message)))
        {
            return Refuse(400, "ValidationError", "messages are malformed");
        }

        if (requested.Any(message => PoisonNumbers.Contains(Text(message, "to")!)))
        {
            return Results.Json(Error("ValidationError"), statusCode: 400);
        }

        var answer = NextAnswer();
        var allowDuplicates = body.RootElement.TryGetProperty("allowDuplicates", out var allow) && allow.GetBoolean();
        var showMessageList = body.RootElement.TryGetProperty("showMessageList", out var show) && show.GetBoolean();
        var groupId = $"G4V{Guid.NewGuid():N}"[..32];
        var numbers = new HashSet<string>();
        var registered = requested.Select(message => Register(message, groupId, allowDuplicates || numbers.Add(Text(message, "to")!))).ToList();
        foreach (var message in registered.Where(message => answer.Accepts && message.StatusCode == "2000"))
        {
            Messages.Add(message);
        }

        return await FinishAsync(context, answer, refusal => Error(refusal.Code!)) ?? Results.Json(new
        {
            failedMessageList = registered.Where(message => message.StatusCode != "2000").Select(message => Resource(message, RefusesByName)),
            messageList = showMessageList && ShowsTaken ? registered.Where(message => message.StatusCode == "2000").Select(message => Resource(message)) : null,
            groupInfo = new { groupId, status = "SENDING", count = new { total = registered.Count, registeredFailed = registered.Count(message => message.StatusCode != "2000") } },
        });
    }

    private IResult List(HttpContext context)
    {
        if (Unauthorized(context) is { } unauthorized)
        {
            return unauthorized;
        }

        if (FailQuestions is { } status)
        {
            return Results.StatusCode(status);
        }

        var query = context.Request.Query;
        var since = query.TryGetValue("startDate", out var date) ? DateTimeOffset.Parse(date!, CultureInfo.InvariantCulture) : DateTimeOffset.MinValue;
        var matching = Messages.Items.Reverse()
            .Where(message => !query.TryGetValue("to", out var to) || message.To == to)
            .Where(message => !query.TryGetValue("messageId", out var id) || message.MessageId == id)
            .Where(message => message.DateCreated >= since)
            .SkipWhile(message => query.TryGetValue("startKey", out var start) && message.MessageId != start)
            .ToList();
        var size = Math.Min(PageSize, int.Parse(query["limit"].ToString(), CultureInfo.InvariantCulture));
        return Results.Json(new
        {
            limit = size,
            messageList = matching.Take(size).ToDictionary(message => message.MessageId, message => Resource(message)),
            nextKey = matching.Count > size ? matching[size].MessageId : null,
        });
    }

    private IResult? Unauthorized(HttpContext context)
    {
        var given = Authorization().Match(context.Request.Headers.Authorization.ToString());
        if (!given.Success)
        {
            return Refuse(403, "InvalidAPIKey", "no authorization of the documented form");
        }

        string date = given.Groups["date"].Value, salt = given.Groups["salt"].Value, signature = given.Groups["signature"].Value;
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ApiSecret), Encoding.UTF8.GetBytes(date + salt)));
        lock (_gate)
        {
            return given.Groups["key"].Value != ApiKey ? Refuse(403, "InvalidAPIKey", "unknown key")
                : signature != expected ? Refuse(403, "SignatureDoesNotMatch", "wrong signature")
                : (_time.GetUtcNow() - DateTimeOffset.Parse(date, CultureInfo.InvariantCulture)).Duration() > TimeSpan.FromMinutes(15) ? Refuse(403, "RequestTimeTooSkewed", "wrong date")
                : !_signatures.Add(signature) ? Refuse(403, "DuplicatedSignature", "a signature was used twice")
                : null;
        }
    }

    private static bool IsWellFormed(JsonElement message) =>
        Digits().IsMatch(Text(message, "to") ?? "")
        && Digits().IsMatch(Text(message, "from") ?? "")
        && Digits().IsMatch(Text(message, "country") ?? "82")
        && Text(message, "text") is { Length: > 0 }
        && (!message.TryGetProperty("customFields", out var fields)
            || fields.EnumerateObject().All(field => field.Name.Length <= 30 && field.Value.ValueKind == JsonValueKind.String && field.Value.GetString()!.Length <= 100));

    private FakeSolapiMessage Register(JsonElement message, string groupId, bool isFirst)
    {
        string text = Text(message, "text")!, to = Text(message, "to")!;
        var type = Text(message, "type");
        var subject = Text(message, "subject");
        var bytes = Bytes(text);
        type ??= bytes <= 90 ? "SMS" : "LMS";
        var status = 0 switch
        {
            _ when StatusOfNumber.TryGetValue(to, out var scripted) => scripted,
            _ when !isFirst => "1026",
            _ when Text(message, "from") != From => "1062",
            _ when text.Any(c => char.IsControl(c) && c != '\n') => "1028",
            _ when bytes is null || (subject is not null && Bytes(subject) is null) => "1029",
            _ when type == "SMS" && subject is not null => "1013",
            _ when subject is not null && Bytes(subject) > 40 => "1014",
            _ when bytes > (type == "SMS" ? 90 : 2000) => "1031",
            _ => "2000",
        };
        return new FakeSolapiMessage
        {
            MessageId = $"M4V{Guid.NewGuid():N}"[..32],
            GroupId = groupId,
            To = to,
            From = Text(message, "from")!,
            Country = Text(message, "country") ?? "82",
            Text = text,
            Type = type,
            Subject = subject,
            NotificationId = message.TryGetProperty("customFields", out var fields) ? Text(fields, "notificationId") : null,
            DateCreated = _time.GetUtcNow(),
            StatusCode = status,
        };
    }

    private static int? Bytes(string text)
    {
        try
        {
            return EucKr.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private IResult Refuse(int status, string code, string text) => Complain(text, Results.Json(Error(code), statusCode: status));

    private static object Error(string code) => new { errorCode = code, errorMessage = "scripted" };

    private static object Resource(FakeSolapiMessage message, bool withFields = true) => new
    {
        messageId = message.MessageId,
        groupId = message.GroupId,
        to = message.To,
        from = message.From,
        type = message.Type,
        country = message.Country,
        text = message.Text,
        statusCode = message.StatusCode,
        statusMessage = "scripted",
        customFields = withFields && message.NotificationId is { } id ? new { notificationId = id } : null,
    };

    private static Encoding OpenEucKr()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(51949, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    }

    [GeneratedRegex("^HMAC-SHA256 apiKey=(?<key>[^, ]+), date=(?<date>[^, ]+), salt=(?<salt>[^, ]{12,64}), signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization();

    [GeneratedRegex("^[0-9]{1,15}$")]
    private static partial Regex Digits();
}
