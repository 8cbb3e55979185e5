using BlazorBlog.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Components;

public sealed class MainLayoutTests
{
    [Theory]
    [InlineData("posts/a-post?reply=1", "/posts/a-post?reply=1#main")]
    [InlineData("", "/#main")]
    public void The_skip_link_stays_on_the_page(string address, string target)
    {
        using var reader = new ReaderContext();
        reader.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var layout = reader.Render<MainLayout>();

        Assert.Equal(target, layout.Find("a").GetAttribute("href"));
        Assert.Equal("main", layout.Find("main").Id);
    }

    [Theory]
    [InlineData("not-found")]
    [InlineData("error")]
    public void Pages_shown_at_the_address_of_others_have_none(string address)
    {
        using var reader = new ReaderContext();
        reader.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

        Assert.Empty(reader.Render<MainLayout>().FindAll(".skip"));
    }
}
