using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace BlazorBlog.Support;

/// <summary>The comment form of a page, as a browser reads it.</summary>
public sealed class FormResponse
{
    private readonly IHtmlFormElement _form;

    private FormResponse(IHtmlFormElement form) => _form = form;

    /// <summary>The messages that belong to no field.</summary>
    public string Summary => Text("[data-part=others]");

    /// <summary>What the text area holds.</summary>
    public string Body => _form.QuerySelector<IHtmlTextAreaElement>("[name=Body]")!.Value;

    public string Title => Text("[data-part=title]");

    public static FormResponse Parse(string html) => Find(html) ?? throw new InvalidOperationException("The page has no comment form.");

    public static FormResponse? Find(string html) =>
        new HtmlParser().ParseDocument(html).QuerySelector("#comment-form") is IHtmlFormElement form ? new FormResponse(form) : null;

    public string Value(string field) => Input(field).Value;

    public bool IsChecked(string field) => Input(field).IsChecked;

    /// <summary>The message beside a field; empty when there is none.</summary>
    public string MessageOf(string field) => Text($"#comment-{field.ToLowerInvariant()}-error");

    private IHtmlInputElement Input(string field) => _form.QuerySelector<IHtmlInputElement>($"input[name={field}]")!;

    private string Text(string selector) => _form.QuerySelector(selector)?.TextContent.Trim() ?? "";
}
