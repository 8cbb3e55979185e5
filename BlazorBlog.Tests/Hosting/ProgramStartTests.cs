using System.Net;
using BlazorBlog.Support;

namespace BlazorBlog.Hosting;

public sealed class ProgramStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blog-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Email__Transport", "Pigeon", "Email:Transport")]
    [InlineData("Email__Transport", "3", "Email:Transport")]
    [InlineData("Notifications__PollInterval", "5", "Notifications:PollInterval")]
    [InlineData("Comments__MaxLenght", "100", "Comments:MaxLenght")]
    [InlineData("Database__Provider", "Postgres", "Database:Provider")]
    [InlineData("Database__KeyCertificates", "nowhere.pem", "Database:KeyCertificates")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence_that_names_it(string key, string value, string named)
    {
        var (exitCode, errors) = await BlogProcess.RunAsync(_folder, new Dictionary<string, string> { [key] = value, ["Site__TimeZone"] = "Mars/Olympus" });

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"{named}:", errors, StringComparison.Ordinal);
        Assert.Contains("Site:TimeZone:", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("BlazorBlog")]
    public async Task The_settings_of_development_hold_from_the_root_and_from_the_project_folder(string startFrom)
    {
        await using var blog = await BlogProcess.StartAsync(_folder, startFrom: Path.Combine(Repository.Root, startFrom));

        // Without them a form that does not say when its page was made is refused.
        using var response = await blog.CommentAsync("the-outbox", "Hello from the shell.");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        await Eventually.WaitUntilAsync(() => Directory.Exists(Path.Combine(_folder, "outbox")), "the File transports wrote a message");
    }

    [Fact]
    public async Task The_environment_ranks_above_the_settings_of_development()
    {
        await using var blog = await BlogProcess.StartAsync(_folder, new Dictionary<string, string> { ["Comments__MinimumSeconds"] = "60" });

        using var response = await blog.CommentAsync("the-outbox", "Too quick.");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task The_log_says_that_keys_are_kept_unencrypted()
    {
        await using var blog = await BlogProcess.StartAsync(_folder);

        await blog.Http.GetStringAsync(new Uri("/account/login", UriKind.Relative), TestContext.Current.CancellationToken);

        await Eventually.WaitUntilAsync(() => blog.Output.Contains("No XML encryptor configured", StringComparison.Ordinal), "the warning was logged");
    }
}
