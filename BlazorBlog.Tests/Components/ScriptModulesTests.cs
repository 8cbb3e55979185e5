using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using BlazorBlog.Data;
using BlazorBlog.Support;

namespace BlazorBlog.Components;

/// <summary>Scripts and styles of the real program in production, started from what was built and never published.</summary>
public sealed partial class ScriptModulesTests(ScriptModulesTests.ProductionBlog blog) : IClassFixture<ScriptModulesTests.ProductionBlog>
{
    private readonly BlogProcess _blog = blog.Process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_a_page_names_is_served()
    {
        var page = await _blog.Http.GetStringAsync(new Uri("/posts/a-post", UriKind.Relative), Cancel);
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
        Assert.DoesNotContain("blazor.web", await _blog.Http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel), StringComparison.Ordinal);

    [Fact]
    public async Task Every_module_that_is_imported_is_fetched_with_the_page_and_all_of_one_version_are_kept_for_good()
    {
        var page = await _blog.Http.GetStringAsync(new Uri("/posts/a-post", UriKind.Relative), Cancel);
        var modules = Module().Matches(page).Select(match => match.Groups[1].Value).ToList();
        var folder = Assert.Single(modules.Select(module => module[..(module.LastIndexOf('/') + 1)]).Distinct());

        foreach (var module in modules)
        {
            using var answer = await GetAsync(module);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
            Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
            var script = await answer.Content.ReadAsStringAsync(Cancel);
            // The lines are trimmed, which would change a text in backticks that goes over two of them.
            Assert.All(script.Split('\n'), line => Assert.True(line.Count(c => c == '`') % 2 == 0, $"{module}: {line}"));
            Assert.DoesNotContain("\n//", script, StringComparison.Ordinal);
            var imports = Import().Matches(script).Select(match => folder + match.Groups[1].Value);
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

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1.0, br;q=0", "gzip")]
    [InlineData("identity", null)]
    public async Task A_module_comes_in_the_smallest_encoding_that_is_accepted(string accepted, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/scripts/0123456789/post.js");
        request.Headers.Add("Accept-Encoding", accepted);

        using var answer = await _blog.Http.SendAsync(request, Cancel);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
        await using var content = await answer.Content.ReadAsStreamAsync(Cancel);
        await using var plain = encoding switch
        {
            "br" => new BrotliStream(content, CompressionMode.Decompress),
            "gzip" => new GZipStream(content, CompressionMode.Decompress),
            _ => content,
        };
        using var reader = new StreamReader(plain);
        Assert.StartsWith("import { isLive } from", await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_is_not_there_is_not_found()
    {
        using var answer = await GetAsync("/scripts/0123456789/none.js");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string address) => _blog.Http.GetAsync(new Uri(address.StartsWith('/') ? address : $"/{address}", UriKind.Relative), Cancel);

    [GeneratedRegex("<(?:link rel=\"(?:stylesheet|icon|modulepreload)\"|script)[^>]* (?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("<link rel=\"modulepreload\" href=\"([^\"]+)\"")]
    private static partial Regex Module();

    [GeneratedRegex("^import .* from \"\\./([^\"]+)\";$", RegexOptions.Multiline)]
    private static partial Regex Import();

    /// <summary>With one post.</summary>
    public sealed class ProductionBlog : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = new();

        public BlogProcess Process { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var database = new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={Path.Combine(_directory.Path, "blog.db")}");
            Process = await BlogProcess.StartAsync(database);
            await using var node = DatabaseBlog.Open(database);
            await node.AddPostAsync("a-post");
        }

        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            _directory.Dispose();
        }
    }
}
