using AngleSharp.Html.Dom;
using BlazorBlog.Support;
using BlazorBlog.Threads;
using Bunit;

namespace BlazorBlog.Comments.Posting;

public sealed class CommentFormTests : IDisposable
{
    private static readonly CommentFormView Blank =
        new("a-post", new CommentDraft(), new Dictionary<string, string>(), ReplyTo: null, MaxLength: 5000, RenderedAt: "protected-time");

    private readonly ReaderContext _reader = new();

    [Fact]
    public void The_blank_form_posts_to_the_post_and_is_called_leave_a_comment()
    {
        var form = Render(Blank);

        Assert.Equal("post", form.Find("form#comment-form").GetAttribute("method"));
        Assert.Equal("/posts/a-post/comments", form.Find("form").GetAttribute("action"));
        Assert.Equal("Leave a comment", NameOf(form));
        Assert.True(form.Find("[data-part=cancel]").HasAttribute("hidden"));
        Assert.Equal("Post comment", form.Find("button.primary").TextContent);
    }

    [Theory]
    [InlineData("Name", "Name")]
    [InlineData("Email", "Email")]
    [InlineData("Body", "Comment")]
    [InlineData("NotifyReplies", "Email me about replies")]
    public void Each_field_has_its_label(string field, string label)
    {
        var form = Render(Blank);

        Assert.Equal(label, form.Find($"label[for={form.Find($"[name={field}]").Id}]").TextContent);
    }

    [Fact]
    public void A_reply_carries_its_parent_and_can_be_cancelled_without_script()
    {
        var target = new ReplyTarget(Guid.CreateVersion7(), "Ines");
        var form = Render(Blank with { ReplyTo = target });

        Assert.Equal("Reply to Ines", NameOf(form));
        Assert.Equal(target.Id.ToString(), Value(form, "ParentId"));
        Assert.False(form.Find("[data-part=cancel]").HasAttribute("hidden"));
        Assert.Equal("/posts/a-post#comments", form.Find("[data-part=cancel]").GetAttribute("href"));
    }

    [Fact]
    public void What_was_typed_comes_back_exactly()
    {
        var draft = new CommentDraft
        {
            Name = "\"><script>",
            Email = "not an address",
            Body = "\n\n</textarea><b>two empty lines first</b>",
            ParentId = "not-a-guid",
            NotifyReplies = "true",
        };
        var form = Render(Blank with { Draft = draft });

        Assert.Equal(draft.Name, Value(form, "Name"));
        Assert.Equal(draft.Email, Value(form, "Email"));
        Assert.Equal(draft.Body, form.Find("textarea").TextContent);
        Assert.Equal(draft.ParentId, Value(form, "ParentId"));
        Assert.True(form.Find("[name=NotifyReplies]").HasAttribute("checked"));
    }

    [Fact]
    public void Each_error_stands_beside_its_field_and_the_others_in_the_summary()
    {
        var errors = new Dictionary<string, string> { ["Name"] = "Who are you?", ["ParentId"] = "It is gone.", [""] = "Too fast." };
        var form = Render(Blank with { Errors = errors });

        var name = form.Find("[name=Name]");
        Assert.Equal("true", name.GetAttribute("aria-invalid"));
        Assert.Equal("Who are you?", form.Find($"#{name.GetAttribute("aria-describedby")}").TextContent);
        Assert.False(form.Find("[name=Email]").HasAttribute("aria-invalid"));
        Assert.Equal(["It is gone.", "Too fast."], form.FindAll("[role=alert] li").Select(item => item.TextContent));
        Assert.True(form.Find("[role=alert]").HasAttribute("autofocus"));
        Assert.False(form.Find("[role=alert]").HasAttribute("hidden"));
    }

    [Fact]
    public void Without_errors_nothing_is_marked_or_takes_the_focus()
    {
        var form = Render(Blank);

        Assert.Empty(form.FindAll("[aria-invalid], [autofocus]"));
        Assert.All(form.FindAll("[role=alert], .field-error"), place => Assert.True(place.HasAttribute("hidden")));
    }

    [Fact]
    public void The_browser_neither_cuts_a_long_text_nor_refuses_to_send()
    {
        var form = Render(Blank);

        Assert.True(form.Find("form").HasAttribute("novalidate"));
        Assert.Empty(form.FindAll("[maxlength], [required]"));
        Assert.Equal("5000", form.Find("textarea").GetAttribute("data-max"));
    }

    [Fact]
    public void The_honeypot_is_out_of_reach_for_people()
    {
        var honeypot = Render(Blank).Find("[name=Website]");

        Assert.Equal("-1", honeypot.GetAttribute("tabindex"));
        Assert.Equal("off", honeypot.GetAttribute("autocomplete"));
        Assert.NotNull(honeypot.Closest("[aria-hidden=true].unseen"));
    }

    [Fact]
    public void The_page_s_time_is_sent_along_and_the_key_is_left_to_the_script()
    {
        var form = Render(Blank with { Draft = new CommentDraft { IdempotencyKey = "used" } });

        Assert.Equal("protected-time", Value(form, "RenderedAt"));
        Assert.Equal("", Value(form, "IdempotencyKey"));
    }

    public void Dispose() => _reader.Dispose();

    private IRenderedComponent<CommentForm> Render(CommentFormView view) => _reader.Render<CommentForm>(p => p.Add(x => x.View, view));

    private static string NameOf(IRenderedComponent<CommentForm> form) =>
        form.Find($"#{form.Find("form").GetAttribute("aria-labelledby")}").TextContent;

    private static string Value(IRenderedComponent<CommentForm> form, string field) => ((IHtmlInputElement)form.Find($"[name={field}]")).Value;
}
