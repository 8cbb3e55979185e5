using BlazorBlog.Accounts;
using BlazorBlog.Admin;
using BlazorBlog.Comments;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Posts;
using BlazorBlog.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Servers;

/// <summary>The blog's own services in this process, on a SQLite file. Its workers run once <see cref="StartAsync"/> was called.</summary>
internal sealed class BlogHost : IAsyncDisposable
{
    private const string CommentBody =
        "The lighthouse keeper wrote every ship into one book, and nobody ever asked for it **until the storm**. "
        + "That is how I think of an outbox: a book beside the door, with a `line` for each promise.";

    private readonly WebApplication _app;
    private bool _isStarted;

    private BlogHost(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    /// <summary>The settings of a blog in <paramref name="scratch"/> that nothing slows down on purpose.</summary>
    public static Dictionary<string, string> Settings(Scratch scratch) => new()
    {
        ["ConnectionStrings:Blog"] = $"Data Source={scratch.File("blog.db")}",
        ["Site:BaseUrl"] = "https://blog.example",
        ["RateLimits:Enabled"] = "false",
        ["Comments:MinimumSeconds"] = "0",
        ["Logging:LogLevel:Default"] = "Warning",
    };

    /// <summary>Those of one that hands its mail to a server of this machine.</summary>
    public static Dictionary<string, string> Settings(Scratch scratch, int smtpPort) => new(Settings(scratch))
    {
        ["Email:Transport"] = "Smtp",
        ["Email:Host"] = "127.0.0.1",
        ["Email:Port"] = $"{smtpPort}",
    };

    public static async Task<BlogHost> OpenAsync(IReadOnlyDictionary<string, string> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = "Production",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddSite();
        builder.AddData();
        builder.AddAccounts();
        builder.AddAdmin();
        builder.AddPages();
        builder.AddComments();
        builder.AddLive();
        builder.AddNotifications();
        builder.AddEmail();
        builder.AddSms();
        var app = builder.Build();
        await app.MigrateDatabaseAsync();
        return new BlogHost(app);
    }

    public Task StartAsync()
    {
        _isStarted = true;
        return _app.StartAsync();
    }

    public Task<BlogDbContext> OpenDatabaseAsync() => Services.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContextAsync();

    /// <summary>A published post whose author has an email address, and a thread in which every other comment is an answer.</summary>
    public async Task<Post> AddPostAsync(int comments)
    {
        var now = TimeProvider.System.GetUtcNow();
        var author = new BlogUser
        {
            DisplayName = "Ada",
            Email = "author@blog.example",
            NormalizedEmail = "AUTHOR@BLOG.EXAMPLE",
            EmailConfirmed = true,
        };
        var post = new Post
        {
            Slug = "measured",
            Title = "A measured post",
            Summary = "What a page costs.",
            Markdown = CommentBody,
            Html = MarkdownRenderer.RenderPost(CommentBody),
            AuthorId = author.Id,
            CreatedAt = now,
            PublishedAt = now,
        };
        await using var db = await OpenDatabaseAsync();
        db.IsImporting = true;
        db.AddRange(author, post);
        await db.SaveChangesAsync();
        await AddCommentsAsync(db, post, comments);
        return post;
    }

    /// <summary>Comments that cause no notices by themselves.</summary>
    public static async Task<IReadOnlyList<Comment>> AddCommentsAsync(BlogDbContext db, Post post, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var guest = new Guest { Name = "Jin", CreatedAt = now };
        var comments = new List<Comment>(count);
        for (var i = 0; i < count; i++)
        {
            var comment = new Comment
            {
                PostId = post.Id,
                ParentId = i % 2 == 1 ? comments[i - 1].Id : null,
                GuestId = guest.Id,
                AuthorName = guest.Name,
                Body = CommentBody,
                Html = MarkdownRenderer.RenderComment(CommentBody),
                CreatedAt = now.AddTicks(i),
            };
            comment.Approve(post.NextSequence());
            comments.Add(comment);
        }

        db.IsImporting = true;
        db.Add(guest);
        db.AddRange(comments);
        await db.SaveChangesAsync();
        return comments;
    }

    /// <summary>A form as a reader's browser posts it, from somebody new.</summary>
    public static CommentDraft Draft() => new() { Name = "Jin", Body = CommentBody, IdempotencyKey = Guid.NewGuid().ToString() };

    public async ValueTask DisposeAsync()
    {
        // Disposing alone looks like a crash to the workers.
        if (_isStarted)
        {
            await _app.StopAsync();
        }

        await _app.DisposeAsync();
    }
}
