namespace BlazorBlog.Accounts.Pages.Own;

/// <summary>A page about one's own account.</summary>
public abstract class OwnPage : AccountPage
{
    /// <summary>What was just done; said on the page that a form leads to.</summary>
    [Microsoft.AspNetCore.Components.SupplyParameterFromQuery]
    protected string? Done { get; set; }

    /// <summary>Leads to the page as it is now, so that loading it again repeats nothing.</summary>
    protected void GoToDone(string path, string done) => GoTo($"{path}?done={done}");
}
