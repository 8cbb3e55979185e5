using System.Text;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Deliveries;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>What Twilio calls back: reports about sent messages and answers of recipients. Nothing is applied before its signature is checked.</summary>
internal static class TwilioWebhooks
{
    /// <summary>Route of the status callback; the delivery's id is its query parameter <c>delivery</c>.</summary>
    public const string StatusPath = "/webhooks/twilio/status";

    private const string InboundPath = "/webhooks/twilio/inbound";
    private const int FormLimit = 64 * 1024;

    public static void MapTwilioWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(StatusPath, StatusAsync).AllowAnonymous();
        routes.MapPost(InboundPath, InboundAsync).AllowAnonymous();
    }

    /// <summary>An address of ours as Twilio calls and signs it: an international host name in its ASCII form.</summary>
    public static string PublicAddress(SiteSettings site, string path) =>
        new UriBuilder(site.Link(path)) { Host = site.BaseUrl.IdnHost }.Uri.AbsoluteUri;

    private static async Task<IResult> StatusAsync(HttpContext context, SmsSettings settings, SiteSettings site, IDeliveryReports reports)
    {
        var (form, refusal) = await ReadAsync(context.Request, StatusPath, settings, site);
        if (form is null)
        {
            return refusal!;
        }

        Guid? delivery = Guid.TryParse(context.Request.Query["delivery"], out var id) ? id : null;
        if (TwilioStatus.Read(form, delivery) is { } report)
        {
            await reports.ApplyAsync([report], context.RequestAborted);
        }

        return Results.NoContent();
    }

    private static async Task<IResult> InboundAsync(HttpContext context, SmsSettings settings, SiteSettings site, IDeliveryReports reports)
    {
        var (form, refusal) = await ReadAsync(context.Request, InboundPath, settings, site);
        if (form is null)
        {
            return refusal!;
        }

        // Advanced Opt-Out knows words of the owner's choice and tells what they meant. Short codes and WhatsApp addresses are no numbers of ours.
        string text = form["Body"].ToString(), type = form["OptOutType"].ToString(), from = form["From"].ToString();
        if (from.StartsWith('+') && PhoneNumber.TryParse(from, settings.DefaultRegion, out var sender))
        {
            if (type == "STOP" || OptOutWord.IsStop(text))
            {
                await reports.OptOutAsync(sender.E164, context.RequestAborted);
            }
            else if (type == "START" || OptOutWord.IsStart(text))
            {
                await reports.OptInAsync(sender.E164, context.RequestAborted);
            }
        }

        // Twilio itself answers its words; a second answer would cost a message and can start a loop.
        return Results.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>", "text/xml", Encoding.UTF8);
    }

    /// <summary>The signed form, or why it is refused.</summary>
    private static async Task<(IFormCollection? Form, IResult? Refusal)> ReadAsync(HttpRequest request, string path, SmsSettings settings, SiteSettings site)
    {
        if (settings.Transport != SmsTransportKind.Twilio)
        {
            return (null, Results.NotFound());
        }

        if (!request.HasFormContentType)
        {
            return (null, Results.StatusCode(StatusCodes.Status415UnsupportedMediaType));
        }

        if (await SmsWebhooks.ReadBodyAsync(request, FormLimit) is not { } body)
        {
            return (null, Results.StatusCode(StatusCodes.Status413PayloadTooLarge));
        }

        if (ReadForm(body) is not { } fields)
        {
            return (null, Results.BadRequest());
        }

        var url = PublicAddress(site, path) + request.QueryString.Value;
        return TwilioSignature.IsValid(settings.Twilio.AuthToken!, request.Headers[TwilioSignature.Header], url, fields)
            ? (new FormCollection(fields), null)
            : (null, Results.StatusCode(StatusCodes.Status403Forbidden));
    }

    private static Dictionary<string, StringValues>? ReadForm(ReadOnlyMemory<byte> body)
    {
        try
        {
            return new FormReader(new MemoryStream(body.ToArray())).ReadForm();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
