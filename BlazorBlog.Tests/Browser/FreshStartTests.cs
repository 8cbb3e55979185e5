using System.Buffers.Binary;
using System.Text.RegularExpressions;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using static Microsoft.Playwright.Assertions;

namespace BlazorBlog.Browser;

/// <summary>The first minutes of a blog in production, from its log to the rooms behind it. Beside its tests it has no scripts, and needs none.</summary>
public sealed partial class FreshStartTests(SqliteFiles files, Chromium chromium) : IClassFixture<Chromium>
{
    private const uint HmacSha512 = 2;
    private const string Password = "seven slow trains at dusk";

    [Fact]
    public async Task Whoever_reads_the_log_becomes_the_administrator_and_comes_back_with_two_factors()
    {
        var database = await files.CreateAsync();
        await using var blog = await StartAsync(database);
        await Eventually.WaitUntilAsync(() => SetupLink().IsMatch(blog.Output), "the log shows the link");
        var link = SetupLink().Match(blog.Output).Value;
        var page = await chromium.OpenAsync(AddressOf(blog), javaScript: false);
        await page.GotoAsync(link);
        await page.FillInAsync("Name", "Ada Owner");
        await page.FillInAsync("Email", "ada@owner.example.org");
        await page.FillInAsync("Password", Password);
        await page.SubmitAsync("Create the administrator");

        await page.ExpectHeadingAsync("Turn on two-step verification");
        await page.ExpectNoticeAsync("Administrators of this blog sign in with two-step verification.");
        await page.GotoAsync("/admin/users");
        await page.ExpectHeadingAsync("Turn on two-step verification");
        var (key, _, _) = await page.TurnOnTwoFactorAsync();
        await page.FollowAsync("I have kept them");
        await page.ExpectHeadingAsync("People and roles");
        await page.SignOutAsync();

        await page.GotoAsync("/admin");
        await page.ExpectHeadingAsync("Sign in");
        await page.FillInAsync("Email", "ada@owner.example.org");
        await page.FillInAsync("Password", Password);
        await page.SubmitAsync("Sign in");
        await page.ExpectHeadingAsync("One more step");
        await page.FillInAsync("Code", AuthenticatorApp.Code(key, 1));
        await page.SubmitAsync("Sign in");
        await page.ExpectHeadingAsync("Administration");
        await Expect(page.Me()).ToContainTextAsync("Ada Owner");
        Assert.Equal((HmacSha512, 210_000u), await CostOfPasswordAsync(database));

        await page.GotoAsync(link);
        await page.ExpectHeadingAsync("This link does not work");
        await using var again = await StartAsync(database);
        Assert.DoesNotMatch(SetupLink(), again.Output);
    }

    /// <summary>What one guess costs, as it stands at the beginning of ASP.NET Core Identity's hash, format 3.</summary>
    private static async Task<(uint Algorithm, uint Iterations)> CostOfPasswordAsync(BlogDatabase database)
    {
        await using var node = DatabaseBlog.Open(database);
        await using var db = node.OpenContext();
        var hash = Convert.FromBase64String((await db.Users.SingleAsync(TestContext.Current.CancellationToken)).PasswordHash!);
        Assert.Equal(1, hash[0]);
        return (BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
    }

    private static Task<BlogProcess> StartAsync(BlogDatabase database) => BlogProcess.StartAsync(database, ("Site:BaseUrl", "http://localhost"));

    private static Uri AddressOf(BlogProcess blog) => new UriBuilder(blog.Address) { Host = "localhost" }.Uri;

    [GeneratedRegex("/account/setup/\\S+")]
    private static partial Regex SetupLink();
}
