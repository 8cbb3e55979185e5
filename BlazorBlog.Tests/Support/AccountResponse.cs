using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace BlazorBlog.Support;

/// <summary>What the blog answered, read to its end.</summary>
/// <param name="Path">What was asked for.</param>
/// <param name="Status">Its status.</param>
/// <param name="Location">Where it leads, as the header says it.</param>
/// <param name="Html">Its body.</param>
/// <param name="Cookies">Its <c>Set-Cookie</c> headers.</param>
/// <param name="RetryAfter">When to come back, in seconds.</param>
public sealed record AccountResponse(string Path, HttpStatusCode Status, string? Location, string Html, IReadOnlyList<string> Cookies, string? RetryAfter)
{
    /// <summary>Where it leads within the blog; an address elsewhere stays whole.</summary>
    public required string? LocalPath { get; init; }

    public required string ContentSecurityPolicy { get; init; }

    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Html);

    /// <summary>All that can be posted from it.</summary>
    public IEnumerable<IHtmlFormElement> Forms => Document.QuerySelectorAll<IHtmlFormElement>("form[method=post]");

    /// <summary>What is wrong with the form, wherever it is said.</summary>
    public string Errors => string.Join(' ', Document.QuerySelectorAll("[role=alert], .field-error").Select(error => error.TextContent.Trim())).Trim();

    /// <summary>The form of the page itself; that to sign out stands in the head of every page.</summary>
    public IHtmlFormElement? Form(string handler) =>
        Forms.LastOrDefault(form => HandlerOf(form) == handler);

    public static string? HandlerOf(IHtmlFormElement form) => form.QuerySelector<IHtmlInputElement>("input[name=_handler]")?.Value;

    /// <summary>What a browser would send of a form that nobody has touched.</summary>
    public static Dictionary<string, string> FieldsOf(IHtmlFormElement form)
    {
        Dictionary<string, string> fields = [];
        foreach (var control in form.QuerySelectorAll<IHtmlElement>("input[name], select[name]"))
        {
            switch (control)
            {
                case IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } or IHtmlInputElement { Type: "file" }:
                    break;
                case IHtmlInputElement input:
                    fields[input.Name!] = input.Value;
                    break;
                case IHtmlSelectElement select:
                    fields[select.Name!] = select.Value ?? "";
                    break;
            }
        }

        return fields;
    }

    /// <summary>Fails with what the page says, which most often is why.</summary>
    public AccountResponse MustLeadTo(string path)
    {
        Assert.True(LocalPath == path, $"{Path} answered {(int)Status} to '{LocalPath}' and not to '{path}': {Document.Title} {Errors}");
        return this;
    }

    public AccountResponse MustBe(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Path} answered {(int)Status} to '{LocalPath}' and not {(int)status}: {Document.Title} {Errors}");
        return this;
    }
}
