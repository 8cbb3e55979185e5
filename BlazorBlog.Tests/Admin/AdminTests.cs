using System.Net;
using BlazorBlog.Accounts;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Admin.Dashboard;
using BlazorBlog.Comments;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Admin;

/// <summary>How a blog gets its first administrator, and what administrators must show before they may do anything.</summary>
public sealed class AdminTests
{
    private const string NewPassword = "eleven green umbrellas";

    [Fact]
    public async Task An_administrator_with_a_password_alone_is_led_to_set_up_the_second_factor()
    {
        await using var blog = await TestBlog.StartAsync();
        using var administrator = new AccountVisitor(blog);
        await administrator.SignInAsync(await AccountVisitor.AddAsync(blog, Roles.Administrator));

        (await administrator.GetAsync("/admin")).MustLeadTo("/account/two-factor?returnUrl=%2Fadmin");
        (await administrator.GetAsync("/admin/users?page=1")).MustLeadTo("/account/two-factor?returnUrl=%2Fadmin%2Fusers%3Fpage%3D1");
        (await administrator.PostAsync("/admin/users", [])).MustBe(HttpStatusCode.Forbidden);
        Assert.True(await administrator.IsSignedInAsync());

        var setup = await administrator.GetAsync("/account/two-factor?returnUrl=%2Fadmin");
        Assert.Contains("Administrators of this blog sign in with two-step verification.", setup.Html, StringComparison.Ordinal);
        var done = await administrator.SubmitAsync(setup, setup.Form("two-factor")!, ("Code", AuthenticatorApp.Code(setup.Document.QuerySelector("code")!.TextContent)));

        // In this very session, without signing in again.
        done.MustBe(HttpStatusCode.OK);
        (await administrator.GetAsync(done.Document.QuerySelector("main a.primary")!.GetAttribute("href")!)).MustBe(HttpStatusCode.OK);
        (await administrator.GetAsync("/admin/users")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_the_second_factor_a_sign_in_opens_what_administrators_have()
    {
        await using var blog = await TestBlog.StartAsync();
        using var first = new AccountVisitor(blog);
        await first.SignInAsync(await AccountVisitor.AddAsync(blog, Roles.Administrator));
        var (secret, _) = await first.EnableTwoFactorAsync();
        using var later = new AccountVisitor(blog);

        (await later.SignInAsync(first.User, page: "/account/login?returnUrl=%2Fadmin")).MustLeadTo("/account/login/two-factor?returnUrl=%2Fadmin&remember=true");
        (await later.GetAsync("/admin")).MustLeadTo("/account/login?returnUrl=%2Fadmin");
        (await later.SubmitAsync("/account/login/two-factor?returnUrl=%2Fadmin&remember=true", "second-factor", ("Code", AuthenticatorApp.Code(secret, 1)))).MustLeadTo("/admin");

        (await later.GetAsync("/admin")).MustBe(HttpStatusCode.OK);
        // Forced means forced.
        Assert.Null((await later.GetAsync("/account/security")).Form("two-factor-off"));
    }

    [Fact]
    public async Task Two_factors_that_were_on_before_do_not_make_a_weak_sign_in_strong()
    {
        await using var blog = await TestBlog.StartAsync();
        using var weak = new AccountVisitor(blog);
        await weak.SignInAsync(await AccountVisitor.AddAsync(blog, Roles.Reader));
        using var strong = new AccountVisitor(blog);
        await strong.SignInAsync(weak.User);
        await strong.EnableTwoFactorAsync();

        // Signed out by it, as every other browser.
        Assert.False(await weak.IsSignedInAsync());
        await blog.ChangeAsync(db => db.UserRoles.Add(new() { UserId = weak.User.Id, RoleId = Roles.IdOf(Roles.Administrator) }));
        (await strong.GetAsync("/admin")).MustBe(HttpStatusCode.OK);
        await blog.ChangeAsync(db => db.SignInSessions.ExecuteUpdateAsync(set => set.SetProperty(session => session.Method, SignInMethod.MailedCode)));

        (await strong.GetAsync("/admin")).MustLeadTo("/account/two-factor?returnUrl=%2Fadmin");
        var page = await strong.GetAsync("/account/two-factor?returnUrl=%2Fadmin");
        Assert.Null(page.Form("two-factor"));
        Assert.Contains("Sign out, and sign in again", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_factor_is_not_asked_for_where_the_settings_say_so()
    {
        await using var blog = await TestBlog.StartAsync(options => options.Settings["Admin:RequireTwoFactor"] = "false");
        using var administrator = new AccountVisitor(blog);
        await administrator.SignInAsync(await AccountVisitor.AddAsync(blog, Roles.Administrator));

        (await administrator.GetAsync("/admin")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Moderators_and_authors_need_no_second_factor()
    {
        await using var blog = await TestBlog.StartAsync();
        foreach (var role in new[] { Roles.Moderator, Roles.Author })
        {
            using var visitor = await AccountVisitor.SignedInAsync(blog, role);

            (await visitor.GetAsync("/admin")).MustBe(HttpStatusCode.OK);
            (await visitor.GetAsync("/admin/users")).MustLeadTo("/account/denied?returnUrl=%2Fadmin%2Fusers");
        }
    }

    [Fact]
    public async Task The_overview_counts_what_waits()
    {
        await using var blog = await TestBlog.StartAsync();
        var post = await blog.AddPostAsync();
        var other = await blog.AddPostAsync("Fast tea");
        using var guest = blog.Visitor();
        var ids = new[] { await guest.MustCommentAsync(post.Slug, "One."), await guest.MustCommentAsync(post.Slug, "Two."), await guest.MustCommentAsync(other.Slug, "Three.") };
        using var moderator = await AccountVisitor.SignedInAsync(blog, Roles.Moderator);
        Assert.Contains("Nothing waits.", (await moderator.GetAsync("/admin")).Html, StringComparison.Ordinal);
        await blog.ChangeAsync(db => db.Comments.Where(comment => ids.Contains(comment.Id)).ExecuteUpdateAsync(set => set.SetProperty(comment => comment.Status, CommentStatus.Pending)));

        var page = await moderator.GetAsync("/admin");

        Assert.Equal(["Slow coffee 2", "Fast tea 1"], page.Document.QuerySelectorAll("tbody tr").Select(row => string.Join(' ', row.QuerySelectorAll("td").Select(cell => cell.TextContent))));
    }

    [Fact]
    public async Task Roles_are_given_and_taken_and_count_at_once()
    {
        await using var blog = await TestBlog.StartAsync();
        using var administrator = await AccountVisitor.SignedInAsync(blog, Roles.Administrator);
        using var reader = await AccountVisitor.SignedInAsync(blog);
        var form = $"roles-{reader.User.Id:N}";
        (await reader.GetAsync("/admin")).MustLeadTo("/account/denied?returnUrl=%2Fadmin");

        (await administrator.SubmitAsync("/admin/users", form, (Roles.Moderator, "true"))).MustLeadTo("/admin/users?page=1");
        (await reader.GetAsync("/admin")).MustBe(HttpStatusCode.OK);
        var page = await administrator.GetAsync("/admin/users");
        var fields = AccountResponse.FieldsOf(page.Form(form)!);
        Assert.Contains(Roles.Moderator, fields.Keys);
        Assert.DoesNotContain(Roles.Author, fields.Keys);
        fields.Remove(Roles.Moderator);
        (await administrator.PostAsync("/admin/users", fields)).MustLeadTo("/admin/users?page=1");

        (await reader.GetAsync("/admin")).MustLeadTo("/account/denied?returnUrl=%2Fadmin");
        Assert.True(await reader.IsSignedInAsync());
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var blog = await TestBlog.StartAsync();
        using var administrator = await AccountVisitor.SignedInAsync(blog, Roles.Administrator);
        var page = await administrator.GetAsync("/admin/users");
        var fields = AccountResponse.FieldsOf(page.Form($"roles-{administrator.User.Id:N}")!);
        fields.Remove(Roles.Administrator);

        var answer = await administrator.PostAsync("/admin/users", fields);
        var deletion = await administrator.SubmitAsync("/account/data", "delete", ("Proof", AccountVisitor.Password));

        answer.MustBe(HttpStatusCode.UnprocessableEntity);
        deletion.MustBe(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("The blog needs an administrator; make somebody else one first.", answer.Errors);
        Assert.Equal(answer.Errors, deletion.Errors);
        (await administrator.GetAsync("/admin/users")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_opens_the_link_in_the_log_of_a_fresh_blog_becomes_its_administrator_once()
    {
        using var folder = new TemporaryDirectory();
        var log = new LoggedLines();
        string link;
        await using (var blog = await StartLoggedAsync(folder, log))
        {
            link = LinkIn(Assert.Single(log.Lines.Items));
            using var owner = new AccountVisitor(blog);
            using var late = new AccountVisitor(blog);
            var page = await owner.GetAsync(link);
            var latePage = await late.GetAsync(link);
            (await owner.SubmitAsync(page, page.Form("setup")!, ("Name", "Jin"), ("Email", "owner@example.com"), ("Password", "short"))).MustBe(HttpStatusCode.UnprocessableEntity);

            (await owner.SubmitAsync(page, page.Form("setup")!, ("Name", "Jin"), ("Email", "owner@example.com"), ("Password", NewPassword))).MustLeadTo("/account/two-factor?returnUrl=%2Fadmin");

            // Signed in, and one code of the app away from the administration.
            (await owner.GetAsync("/admin")).MustLeadTo("/account/two-factor?returnUrl=%2Fadmin");
            await owner.EnableTwoFactorAsync("/account/two-factor?returnUrl=%2Fadmin");
            (await owner.GetAsync("/admin/users")).MustBe(HttpStatusCode.OK);
            Assert.Null((await late.SubmitAsync(latePage, latePage.Form("setup")!, ("Name", "Eve"), ("Email", "eve@example.com"), ("Password", NewPassword))).Location);
            (await late.GetAsync(link)).MustBe(HttpStatusCode.Gone);
            Assert.Equal(["owner@example.com"], await AdministratorsAsync(blog));
        }

        await using var again = await StartLoggedAsync(folder, log);
        Assert.Single(log.Lines.Items);
        using var visitor = new AccountVisitor(again);
        (await visitor.GetAsync(link)).MustBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_made_up_link_makes_no_administrator()
    {
        var log = new LoggedLines();
        await using var blog = await StartLoggedAsync(null, log);
        var link = LinkIn(Assert.Single(log.Lines.Items));
        using var visitor = new AccountVisitor(blog);

        (await visitor.GetAsync("/account/setup/x")).MustBe(HttpStatusCode.Gone);
        (await visitor.GetAsync($"{link[..^4]}AAAA")).MustBe(HttpStatusCode.Gone);
        (await visitor.GetAsync($"{link[..60]}{(link[60] == 'A' ? 'B' : 'A')}{link[61..]}")).MustBe(HttpStatusCode.Gone);
        (await visitor.GetAsync(link)).MustBe(HttpStatusCode.OK);
        Assert.Empty(await AdministratorsAsync(blog));
    }

    [Fact]
    public async Task The_settings_name_the_first_administrator()
    {
        using var folder = new TemporaryDirectory();
        var log = new LoggedLines();
        await using (var blog = await StartLoggedAsync(folder, log, ("Admin:Email", "owner@example.com"), ("Admin:Password", NewPassword)))
        {
            Assert.Equal(["The administrator of the settings was created"], log.Lines.Items);
            var owner = await blog.ReadAsync(db => db.Users.SingleAsync(user => user.Email == "owner@example.com"));
            using var visitor = new AccountVisitor(blog);
            (await visitor.SignInAsync(owner, NewPassword)).MustLeadTo("/");
            (await visitor.GetAsync("/admin")).MustLeadTo("/account/two-factor?returnUrl=%2Fadmin");
            await visitor.EnableTwoFactorAsync();
            (await visitor.GetAsync("/admin")).MustBe(HttpStatusCode.OK);
        }

        // Later starts change nothing, whatever the settings say by then.
        await using var again = await StartLoggedAsync(folder, log, ("Admin:Email", "eve@example.com"), ("Admin:Password", NewPassword));
        Assert.Single(log.Lines.Items);
        Assert.Equal(["owner@example.com"], await AdministratorsAsync(again));
    }

    [Fact]
    public async Task The_settings_make_an_administrator_of_an_account_that_is_there()
    {
        using var folder = new TemporaryDirectory();
        await using (var before = await StartLoggedAsync(folder, new LoggedLines()))
        {
            await AccountVisitor.AddAsync(before, change: user => user.Email = "owner@example.com");
        }

        await using var blog = await StartLoggedAsync(folder, new LoggedLines(), ("Admin:Email", "Owner@Example.com"), ("Admin:Password", NewPassword));

        Assert.Equal(["owner@example.com"], await AdministratorsAsync(blog));
        using var visitor = new AccountVisitor(blog);
        var owner = await blog.ReadAsync(db => db.Users.SingleAsync(user => user.Email == "owner@example.com"));
        (await visitor.SignInAsync(owner, NewPassword)).MustLeadTo("/");
    }

    [Fact]
    public async Task Of_many_who_open_the_link_at_once_one_becomes_administrator()
    {
        await using var blog = await TestBlog.StartAsync();
        var first = blog.Services.GetRequiredService<FirstAdministrator>();

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Task.Run(() => first.CreateAsync("Jin", $"owner-{number}@example.com", NewPassword, TestContext.Current.CancellationToken))));

        Assert.Single(made, user => user is not null);
        Assert.Single(await AdministratorsAsync(blog));
    }

    [Fact]
    public async Task The_list_of_people_has_pages()
    {
        await using var blog = await TestBlog.StartAsync();
        using var administrator = await AccountVisitor.SignedInAsync(blog, Roles.Administrator, change: user => user.DisplayName = "Aa");
        await blog.ChangeAsync(db => db.Users.AddRange(Enumerable.Range(0, AdminOverview.PeoplePerPage).Select(number => new BlogUser
        {
            DisplayName = $"Person {number:D2}",
            Email = $"person-{number}@example.com",
            NormalizedEmail = $"PERSON-{number}@EXAMPLE.COM",
        })));

        var (first, second) = (await administrator.GetAsync("/admin/users"), await administrator.GetAsync("/admin/users?page=2"));

        Assert.Equal(AdminOverview.PeoplePerPage, first.Document.QuerySelectorAll(".things li").Length);
        Assert.Equal(2, second.Document.QuerySelectorAll(".things li").Length);
        (await administrator.SubmitAsync(second, second.Forms.First(form => form.ClassName == "roles"), (Roles.Author, "true"))).MustLeadTo("/admin/users?page=2");
        foreach (var page in new[] { "0", "-1", "99", "2147483647", "x" })
        {
            Assert.True((await administrator.GetAsync($"/admin/users?page={page}")).Status < HttpStatusCode.InternalServerError, page);
        }
    }

    private static Task<TestBlog> StartLoggedAsync(TemporaryDirectory? folder, LoggedLines log, params (string Key, string Value)[] settings) => TestBlog.StartAsync(options =>
    {
        options.Folder = folder?.Path;
        options.Settings["Logging:LogLevel:BlazorBlog.Accounts.FirstAdministrator"] = "Information";
        options.Services = services => services.AddSingleton<ILoggerProvider>(log);
        foreach (var (key, value) in settings)
        {
            options.Settings[key] = value;
        }
    });

    private static string LinkIn(string line)
    {
        const string below = "https://blog.example/account/setup/";
        Assert.Contains(below, line, StringComparison.Ordinal);
        return new Uri(line[line.IndexOf(below, StringComparison.Ordinal)..]).PathAndQuery;
    }

    private static Task<List<string?>> AdministratorsAsync(TestBlog blog)
    {
        var role = Roles.IdOf(Roles.Administrator);
        return blog.ReadAsync(db => db.UserRoles.Where(held => held.RoleId == role).Join(db.Users, held => held.UserId, user => user.Id, (_, user) => user.Email).ToListAsync());
    }
}
