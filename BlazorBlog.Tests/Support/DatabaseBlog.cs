using BlazorBlog.Accounts;
using BlazorBlog.Admin;
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
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>
/// The blog's services on a database, registered as the program registers them. It is never started, so no worker takes what a test
/// looks at; two of them on one database are two nodes.
/// </summary>
public sealed class DatabaseBlog : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DatabaseBlog(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    /// <param name="database">May be empty; see <see cref="MigrateAsync"/>.</param>
    /// <param name="time">The node's clock, else the system's.</param>
    /// <param name="configure">Changes services after the program registered its own.</param>
    /// <param name="settings">Beyond those of the database.</param>
    public static DatabaseBlog Open(
        BlogDatabase database,
        TimeProvider? time = null,
        Action<IServiceCollection>? configure = null,
        params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(database.Settings);
        builder.Configuration["Comments:MinimumSeconds"] = "0";
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
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
        if (time is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(time));
        }

        configure?.Invoke(builder.Services);
        return new DatabaseBlog(builder.Build());
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task MigrateAsync() => _app.MigrateDatabaseAsync();

    public BlogDbContext OpenContext() => Get<IDbContextFactory<BlogDbContext>>().CreateDbContext();

    /// <summary>A published post of an author who can be reached by mail and SMS.</summary>
    public async Task<Post> AddPostAsync(string slug = "first-post")
    {
        var author = new BlogUser
        {
            DisplayName = "Ada",
            Email = $"{slug}@example.com",
            EmailConfirmed = true,
            PhoneNumber = "+821000000000",
            PhoneNumberConfirmed = true,
        };
        var at = Get<TimeProvider>().GetUtcNow().AddDays(-1);
        var post = new Post
        {
            Slug = slug,
            Title = "A post",
            Summary = "About it.",
            Markdown = "Text",
            Html = "<p>Text</p>",
            AuthorId = author.Id,
            CreatedAt = at,
            PublishedAt = at,
        };
        await using var db = OpenContext();
        db.AddRange(author, post);
        await db.SaveChangesAsync();
        return post;
    }

    /// <summary>Posts a comment as the form does.</summary>
    public async Task<CommentOutcome> CommentAsync(string slug, string body, string? key = null, Guid? guestId = null, Guid? parentId = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var draft = new CommentDraft { Name = "Grace", Body = body, IdempotencyKey = key ?? Guid.NewGuid().ToString(), ParentId = parentId?.ToString() ?? "" };
        return await scope.ServiceProvider.GetRequiredService<BlogService>().AddCommentAsync(
            slug, draft, guestId, account: null, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
