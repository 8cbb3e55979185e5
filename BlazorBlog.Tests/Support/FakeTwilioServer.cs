using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorBlog.Support;

/// <summary>
/// Twilio's Messages resource: Basic authentication, the account in the path, the rules of the form fields, the numbers of the test
/// credentials that always fail, lists of the latest messages to a number. Point <c>Sms:Twilio:BaseUrl</c> at <see cref="FakeProvider.BaseUrl"/>.
/// </summary>
public sealed partial class FakeTwilioServer : FakeProvider
{
    public const string AccountSid = "AC00000000000000000000000000000001";
    public const string AuthToken = "12345678901234567890123456789012";
    public const string From = "+15005550006";

    private static readonly Dictionary<string, (int Code, string Text)> FailingNumbers = new()
    {
        ["+15005550001"] = (21211, "invalid To"),
        ["+15005550002"] = (21612, "cannot be routed to"),
        ["+15005550003"] = (21408, "no permission for the region"),
        ["+15005550004"] = (21610, "opted out"),
        ["+15005550009"] = (21614, "not a mobile number"),
    };

    private readonly TimeProvider _time;

    private FakeTwilioServer(TimeProvider time) => _time = time;

    /// <summary>What was taken, whatever was answered.</summary>
    public Recorded<FakeTwilioMessage> Messages { get; } = new();

    public static async Task<FakeTwilioServer> StartAsync(TimeProvider? time = null)
    {
        var server = new FakeTwilioServer(time ?? TimeProvider.System);
        server.Routes.MapPost("/2010-04-01/Accounts/{account}/Messages.json", server.CreateAsync);
        server.Routes.MapGet("/2010-04-01/Accounts/{account}/Messages.json", server.List);
        await server.ListenAsync();
        return server;
    }

    /// <summary>A signed webhook call, ready to be sent to <paramref name="address"/>.</summary>
    /// <param name="address">Where the program listens.</param>
    /// <param name="publicUrl">The address as configured with Twilio: the one that is signed.</param>
    /// <param name="fields">The form.</param>
    public static HttpRequestMessage Webhook(Uri address, string publicUrl, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var form = fields.ToList();
        var signed = publicUrl + string.Concat(form.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
#pragma warning disable CA5350 // The provider's choice.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(AuthToken), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(form),
            Headers = { { "X-Twilio-Signature", signature } },
        };
    }

    /// <summary>The fields of a status callback about a message that was taken.</summary>
    public static Dictionary<string, string> StatusFields(FakeTwilioMessage message, string status, int? errorCode = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["AccountSid"] = AccountSid,
            ["ApiVersion"] = "2010-04-01",
            ["From"] = message.From ?? From,
            ["MessageSid"] = message.Sid,
            ["MessageStatus"] = status,
            ["SmsSid"] = message.Sid,
            ["SmsStatus"] = status,
            ["To"] = message.To,
        };
        if (errorCode is { } code)
        {
            fields["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        }

        return fields;
    }

    private async Task<IResult> CreateAsync(string account, HttpContext context)
    {
        Requests.Add(context.Request.Path);
        if (Unauthorized(account, context) is { } unauthorized)
        {
            return unauthorized;
        }

        if (!context.Request.HasFormContentType)
        {
            return Refuse(400, 21604, "the body is not a form");
        }

        var form = await context.Request.ReadFormAsync();
        string to = form["To"].ToString(), from = form["From"].ToString(), service = form["MessagingServiceSid"].ToString(), body = form["Body"].ToString();
        string callback = form["StatusCallback"].ToString();
        if (Mistake(to, from, service, body, callback) is var (code, text))
        {
            return Refuse(400, code, text);
        }

        if (FailingNumbers.TryGetValue(to, out var failing))
        {
            return Results.Json(Error(400, failing.Code, failing.Text), statusCode: 400);
        }

        var answer = NextAnswer();
        var message = Take(to, from, service, body, callback);
        if (answer.Accepts)
        {
            Messages.Add(message);
        }

        return await FinishAsync(context, answer, refusal => Error(refusal.Status, int.Parse(refusal.Code!, CultureInfo.InvariantCulture), "scripted"))
            ?? Results.Json(Resource(message), statusCode: 201);
    }

    private IResult List(string account, HttpContext context)
    {
        if (Unauthorized(account, context) is { } unauthorized)
        {
            return unauthorized;
        }

        if (FailQuestions is { } status)
        {
            return Results.StatusCode(status);
        }

        var query = context.Request.Query;
        int size = query.TryGetValue("PageSize", out var asked) ? int.Parse(asked!, CultureInfo.InvariantCulture) : 50;
        var latest = Messages.Items.Reverse().Where(message => !query.TryGetValue("To", out var to) || message.To == to).Take(size);
        return Results.Json(new { messages = latest.Select(Resource), page = 0, page_size = size, uri = context.Request.Path.Value });
    }

    private IResult? Unauthorized(string account, HttpContext context)
    {
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{AuthToken}"));
        return !AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var given) || given is not { Scheme: "Basic" } || given.Parameter != expected
            ? Refuse(401, 20003, "wrong credentials")
            : account != AccountSid ? Refuse(404, 20404, "wrong account in the path")
            : null;
    }

    private static (int Code, string Text)? Mistake(string to, string from, string service, string body, string callback) => 0 switch
    {
        _ when to.Length == 0 => (21604, "To is missing"),
        _ when !Number().IsMatch(to) => (21211, "To is not E.164"),
        _ when from.Length == 0 && service.Length == 0 => (21603, "From is missing"),
        _ when body.Length == 0 => (21602, "Body is missing"),
        _ when body.Length > 1600 => (21617, "Body is too long"),
        _ when callback.Length > 0 && !IsCallable(callback) => (21609, "StatusCallback cannot be called"),
        _ => null,
    };

    private static bool IsCallable(string callback) =>
        Uri.TryCreate(callback, UriKind.Absolute, out var uri) && uri is { Scheme: "https", IsLoopback: false } && !uri.Host.Contains('_', StringComparison.Ordinal);

    private FakeTwilioMessage Take(string to, string from, string service, string body, string callback) => new()
    {
        Sid = $"SM{Guid.NewGuid():N}",
        To = to,
        From = from.Length == 0 ? null : from,
        MessagingServiceSid = service.Length == 0 ? null : service,
        Body = body,
        StatusCallback = callback.Length == 0 ? null : callback,
        DateCreated = _time.GetUtcNow(),
        Status = service.Length == 0 ? "queued" : "accepted",
    };

    private IResult Refuse(int status, int code, string text) => Complain(text, Results.Json(Error(status, code, text), statusCode: status));

    private static object Error(int status, int code, string text) =>
        new { code, message = text, more_info = $"https://www.twilio.com/docs/errors/{code}", status };

    private static object Resource(FakeTwilioMessage message) => new
    {
        sid = message.Sid,
        account_sid = AccountSid,
        status = message.Status,
        to = message.To,
        from = message.From,
        messaging_service_sid = message.MessagingServiceSid,
        body = message.Body,
        num_segments = "1",
        num_media = "0",
        direction = "outbound-api",
        price = (string?)null,
        error_code = message.ErrorCode,
        error_message = (string?)null,
        date_created = message.DateCreated.ToString("R", CultureInfo.InvariantCulture).Replace("GMT", "+0000", StringComparison.Ordinal),
        date_sent = (string?)null,
    };

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$")]
    private static partial Regex Number();
}
