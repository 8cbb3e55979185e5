using System.Data.Common;
using System.Security.Claims;
using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data.Providers;
using BlazorBlog.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace BlazorBlog.Threads;

public sealed class LiveThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_moderators_queue_that_cannot_be_read_holds_up_no_comment_and_comes_by_itself()
    {
        var queue = new BreakableQueue();
        await using var blog = await TestBlog.StartAsync(options => options.Services = services =>
            services.ConfigureDbContext<SqliteBlogDbContext>(database => database.AddInterceptors(queue)));
        var post = await blog.AddPostAsync();
        var person = await TestPeople.SignInAsync(blog.Services, Roles.Moderator);
        var moderator = new ClaimsPrincipal([.. person.Identities, new ClaimsIdentity([new Claim(ClaimTypes.Role, Roles.Moderator)])]);
        using var ada = blog.Visitor("Ada");
        var hidden = await ada.MustCommentAsync(post.Slug, "Hidden later");
        await using var scope = blog.Services.CreateAsyncScope();
        await using var context = new BunitContext();
        context.Services.AddFallbackServiceProvider(scope.ServiceProvider);
        context.Services.AddSingleton<AuthenticationStateProvider>(new SignedIn(moderator));
        context.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var thread = context.Render<LiveThread>(parameters => parameters.Add(page => page.PostId, post.Id).Add(page => page.Sequence, 1));
        thread.WaitForElement($"#comment-{hidden}", Patience);

        queue.IsBroken = true;
        var shown = await ada.MustCommentAsync(post.Slug, "Shown all the same");
        thread.WaitForElement($"#comment-{shown}", Patience);
        Assert.True(await blog.ModerateAsync(service => service.HideAsync(hidden, Cancel)));
        thread.WaitForAssertion(() => Assert.Empty(thread.FindAll($"#comment-{hidden}")), Patience);
        Assert.Empty(thread.FindAll("[data-moderated]"));

        queue.IsBroken = false;
        thread.WaitForElement($"[data-moderated='{hidden}']", Patience);
    }

    [Fact]
    public async Task Threads_are_kept_by_what_they_take_and_not_by_their_number_of_comments()
    {
        await using var blog = await TestBlog.StartAsync();
        var (small, large) = (await blog.AddPostAsync("Small"), await blog.AddPostAsync("Large"));
        using var ada = blog.Visitor("Ada");
        await ada.MustCommentAsync(small.Slug, "Short");
        await ada.MustCommentAsync(large.Slug, new string('x', 4_500));
        using var snapshots = new ThreadSnapshots(
            blog.Services.GetRequiredService<ThreadChangeReader>(), blog.Services.GetRequiredService<CommentSettings>(), TimeProvider.System, mostBytes: 20_000);

        Assert.Same(await snapshots.ReadAsync(small.Id, 1, Cancel), await snapshots.ReadAsync(small.Id, 1, Cancel));
        Assert.NotSame(await snapshots.ReadAsync(large.Id, 1, Cancel), await snapshots.ReadAsync(large.Id, 1, Cancel));
    }

    /// <summary>The one query that asks for the reasons of comments that wait.</summary>
    private sealed class BreakableQueue : DbCommandInterceptor
    {
        public bool IsBroken { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            IsBroken && command.CommandText.StartsWith("SELECT \"c\".\"Id\", \"c\".\"AuthorName\", \"c\".\"Html\", \"c\".\"CreatedAt\", \"c\".\"Status\", \"c\".\"HoldReason\"", StringComparison.Ordinal)
                ? throw new InvalidOperationException("The queue cannot be read.")
                : ValueTask.FromResult(result);
    }

    private sealed class SignedIn(ClaimsPrincipal person) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(person));
    }
}
