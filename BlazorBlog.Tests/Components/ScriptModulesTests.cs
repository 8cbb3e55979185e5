using System.Net;
using System.Text.RegularExpressions;
using BlazorBlog.Data;
using BlazorBlog.Support;

namespace BlazorBlog.Components;

/// <summary>Scripts and styles of the real program in production, started from what was built and never published.</summary>
public sealed partial class ScriptModulesTests(BuiltBlog blog) : IClassFixture<BuiltBlog>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_a_page_names_is_served()
    {
        var page = await blog.Http.GetStringAsync(new Uri("/posts/a-post", UriKind.Relative), Cancel);
        var files = Reference().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains(files, file => file.Contains("blazor.web", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("/live.js", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var answer = await GetAsync(file);
            Assert.True(answer.IsSuccessStatusCode, $"{file} is answered with {answer.StatusCode}.");
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    [Fact]
    public async Task A_page_without_a_thread_names_no_script_of_Blazor() =>
        Assert.DoesNotContain("blazor.web", await blog.Http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel), StringComparison.Ordinal);

    [Fact]
    public async Task Every_module_that_is_imported_is_fetched_with_the_page_and_all_of_one_version_are_kept_for_good()
    {
        var page = await blog.Http.GetStringAsync(new Uri("/posts/a-post", UriKind.Relative), Cancel);
        var modules = Module().Matches(page).Select(match => match.Groups[1].Value).ToList();
        var folder = Assert.Single(modules.Select(module => module[..(module.LastIndexOf('/') + 1)]).Distinct());

        foreach (var module in modules)
        {
            using var answer = await GetAsync(module);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
            Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
            var imports = Import().Matches(await answer.Content.ReadAsStringAsync(Cancel)).Select(match => folder + match.Groups[1].Value);
            Assert.Empty(imports.Except(modules));
        }
    }

    [Fact]
    public async Task A_module_of_another_version_is_answered_and_kept_by_nobody()
    {
        using var answer = await GetAsync("/scripts/0123456789/live.js");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoCache);
    }

    private Task<HttpResponseMessage> GetAsync(string address) => blog.Http.GetAsync(new Uri(address.StartsWith('/') ? address : $"/{address}", UriKind.Relative), Cancel);

    [GeneratedRegex("<(?:link rel=\"(?:stylesheet|icon|modulepreload)\"|script)[^>]* (?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("<link rel=\"modulepreload\" href=\"([^\"]+)\"")]
    private static partial Regex Module();

    [GeneratedRegex("^import .* from \"\\./([^\"]+)\";$", RegexOptions.Multiline)]
    private static partial Regex Import();
}

/// <summary>The program in production with one post, for the tests of a class.</summary>
public sealed class BuiltBlog : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private BlogProcess _process = null!;

    public HttpClient Http => _process.Http;

    public async ValueTask InitializeAsync()
    {
        await MigratedSqlite.CopyWithPostAsync(_directory.File("blog.db"), "a-post");
        _process = await BlogProcess.StartAsync(new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={_directory.File("blog.db")}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
