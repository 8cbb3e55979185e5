namespace BlazorBlog.Hosting;

public sealed class SiteSettingsTests
{
    [Theory]
    [InlineData("https://blog.example/blog", "https://blog.example")]
    [InlineData("https://blog.example:8443/?a=b", "https://blog.example:8443")]
    [InlineData("https://blog.example/#top", "https://blog.example")]
    [InlineData("https://me:secret@blog.example", "https://blog.example")]
    public void An_address_that_is_more_than_scheme_host_and_port_is_refused_with_the_one_to_use(string written, string right)
    {
        var error = Assert.Single(new SiteSettings { BaseUrl = new Uri(written) }.Validate("Site"));

        Assert.StartsWith("Site:BaseUrl: ", error, StringComparison.Ordinal);
        Assert.EndsWith($"use {right}.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://blog.example")]
    [InlineData("http://localhost:5080/")]
    public void One_that_is_not_is_taken(string written) => Assert.Empty(new SiteSettings { BaseUrl = new Uri(written) }.Validate("Site"));
}
