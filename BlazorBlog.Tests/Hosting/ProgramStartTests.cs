using System.Net;
using BlazorBlog.Support;

namespace BlazorBlog.Hosting;

public sealed class ProgramStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blog-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Pigeon")]
    [InlineData("3")]
    public async Task Wrong_settings_stop_the_start_with_a_sentence_for_each_that_names_it(string transport)
    {
        var (exitCode, errors) = await BlogProcess.RunAsync(_folder, new Dictionary<string, string>
        {
            ["Email__Transport"] = transport,
            ["Notifications__PollInterval"] = "5",
            ["Comments__MaxLenght"] = "100",
            ["Database__Provider"] = "Postgres",
            ["Database__KeyCertificates"] = "nowhere.pem",
            ["Site__BaseUrl"] = "https://blog.example/blog",
            ["Site__TimeZone"] = "Mars/Olympus",
        });

        Assert.NotEqual(0, exitCode);
        Assert.All(
            ["Email:Transport", "Notifications:PollInterval", "Comments:MaxLenght", "Database:Provider", "Database:KeyCertificates", "Site:TimeZone", "Site:BaseUrl"],
            key => Assert.Contains($"{key}:", errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("BlazorBlog")]
    public async Task The_settings_of_development_hold_from_the_root_and_from_the_project_folder(string startFrom)
    {
        await MigratedSqlite.CopyWithPostAsync(Path.Combine(_folder, "blog.db"), "the-outbox");
        await using var blog = await BlogProcess.StartAsync(_folder, startFrom: Path.Combine(Repository.Root, startFrom));

        // Without them a form that does not say when its page was made is refused.
        using var response = await blog.CommentAsync("the-outbox", "Hello from the shell.");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        await Eventually.WaitUntilAsync(() => Directory.Exists(Path.Combine(_folder, "outbox")), "the File transports wrote a message");
        Assert.Equal(0, await blog.StopAsync());
    }

    [Fact]
    public async Task The_environment_ranks_above_the_settings_of_development()
    {
        await MigratedSqlite.CopyWithPostAsync(Path.Combine(_folder, "blog.db"), "the-outbox");
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
