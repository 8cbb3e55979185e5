using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorBlog.Threads;

/// <summary>The least a live thread can be: all comments, one piece of markup each, rendered again at each change.</summary>
internal sealed class BareIsland : ComponentBase, IDisposable
{
    [Inject]
    private BareThread Thread { get; set; } = null!;

    public void Dispose() => Thread.Changed -= Show;

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
        {
            Thread.Changed += Show;
        }
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "ol");
        foreach (var comment in Thread.Comments)
        {
            builder.OpenElement(1, "li");
            builder.SetKey(comment);
            builder.AddMarkupContent(2, comment);
            builder.CloseElement();
        }

        builder.CloseElement();
    }

    private void Show() => _ = InvokeAsync(StateHasChanged);
}
