using System.Security.Cryptography;
using System.Text;
using BlazorBlog.Components;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace BlazorBlog.DevMailbox;

/// <summary>What the blog would have sent, to be read while developing. It shows all users' mail, so it exists only in development.</summary>
public static class MailboxSetup
{
    /// <summary>Where the mailbox is.</summary>
    internal const string Path = "/dev/mailbox";

    /// <summary>
    /// A mail may hold any HTML. The sandbox takes its scripts, forms and links away and gives it an origin of its own; the mailbox alone may
    /// frame it.
    /// </summary>
    private const string PreviewPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https:; sandbox; frame-ancestors 'self'";

    public static void MapMailbox(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return;
        }

        var folder = ActivatorUtilities.CreateInstance<MailboxFolder>(app.Services);
        var ledger = ActivatorUtilities.CreateInstance<MailboxDeliveries>(app.Services);
        var reader = ActivatorUtilities.CreateInstance<MailboxReader>(app.Services, folder, ledger);
        var mailbox = app.MapGroup("").AllowAnonymous();

        mailbox.MapGet(Path, async ([AsParameters] MailboxFilter filter, CancellationToken cancellation) => Page(await reader.ReadAsync(filter, cancellation)));
        mailbox.MapGet($"{Path}/list", async ([AsParameters] MailboxFilter filter, HttpContext http) => await ListAsync(await reader.ReadAsync(filter, http.RequestAborted), http));
        mailbox.MapGet($"{Path}/{{name}}/raw", (string name) => Raw(folder.Find(name)));
        mailbox.MapGet($"{Path}/{{name}}/preview", (string name, HttpContext http) => PreviewAsync(folder.Find(name), http));
    }

    private static RazorComponentResult Page(MailboxContents view) => PageResult.Result(
        StatusCodes.Status200OK, typeof(MailboxView), new Dictionary<string, object> { [nameof(MailboxView.View)] = view });

    /// <summary>The list alone, for the open page to catch up with. Most looks find nothing new and are answered with 304.</summary>
    private static async Task<FileContentHttpResult> ListAsync(MailboxContents view, HttpContext http)
    {
        await using var renderer = new HtmlRenderer(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(MailboxList.View)] = view });
            return (await renderer.RenderComponentAsync<MailboxList>(parameters)).ToHtmlString();
        });
        var bytes = Encoding.UTF8.GetBytes(html);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
        return TypedResults.File(bytes, "text/html; charset=utf-8", entityTag: tag);
    }

    private static IResult Raw(FileInfo? file) =>
        file is null ? TypedResults.NotFound() : TypedResults.PhysicalFile(file.FullName, "text/plain; charset=utf-8");

    private static async Task<IResult> PreviewAsync(FileInfo? file, HttpContext http)
    {
        if (file is null || await MailboxFolder.ReadAsync(file, http.RequestAborted) is not { Html.Length: > 0 } message)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.ContentSecurityPolicy = PreviewPolicy;
        return TypedResults.Content(message.Html, "text/html; charset=utf-8");
    }
}
