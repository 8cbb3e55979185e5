using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Data;
using BlazorBlog.Notifications;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Posts;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorBlog.Support;

/// <summary>The real program on a real socket, with a database and an outbox of its own that are gone afterwards.</summary>
public sealed class TestBlog : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory;
    private readonly bool _ownsFolder;
    private bool _stopped;

    private TestBlog(TestBlogOptions options)
    {
        _ownsFolder = options.Folder is null;
        Folder = options.Folder ?? Directory.CreateTempSubdirectory("blog-").FullName;
        Time = options.Time ?? TimeProvider.System;
        Database = options.Database ?? new BlogDatabase(DatabaseProvider.Sqlite, $"Data Source={DatabaseFile}");
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment(options.Environment);
            host.UseContentRoot(Folder);
            host.UseUrls("http://127.0.0.1:0");
            if (options.StaticAssets)
            {
                host.UseStaticWebAssets();
            }

            foreach (var (key, value) in options.Settings)
            {
                host.UseSetting(key, value);
            }

            foreach (var (key, value) in options.Database?.Settings ?? [])
            {
                host.UseSetting(key, value);
            }

            host.ConfigureTestServices(services =>
            {
                if (options.Time is { } time)
                {
                    services.Replace(ServiceDescriptor.Singleton(time));
                }

                if (!options.Dispatches)
                {
                    services.Remove(services.Single(service => service.ImplementationType == typeof(NotificationDispatcher)));
                }

                options.Services?.Invoke(services);
            });
        });
        _factory.UseKestrel();
    }

    /// <summary>Content root: holds <c>App_Data/blog.db</c>.</summary>
    public string Folder { get; }

    /// <summary>What it runs on, which a second node may open beside it.</summary>
    public BlogDatabase Database { get; }

    public string DatabaseFile => Path.Combine(Folder, "App_Data", "blog.db");

    public TimeProvider Time { get; }

    public IServiceProvider Services => _factory.Services;

    public Uri Address { get; private set; } = null!;

    /// <summary>Writes the posts of this blog; reachable by mail and SMS.</summary>
    public BlogUser Author { get; private set; } = null!;

    public IReadOnlyList<EmailMessage> Mails => Services.GetRequiredService<MemoryEmailTransport>().Messages;

    public IReadOnlyList<SmsMessage> Texts => Services.GetRequiredService<MemorySmsTransport>().Messages;

    public static async Task<TestBlog> StartAsync(Action<TestBlogOptions>? configure = null)
    {
        var options = new TestBlogOptions();
        configure?.Invoke(options);
        var blog = new TestBlog(options);
        try
        {
            if (options.Database is null)
            {
                await MigratedSqlite.CopyToAsync(blog.DatabaseFile);
            }

            blog._factory.StartServer();
            blog.Address = blog._factory.ClientOptions.BaseAddress;
            blog.Author = await blog.FindOrAddAuthorAsync();
            return blog;
        }
        catch
        {
            await blog.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody with a browser that nobody has seen before.</summary>
    public Visitor Visitor(string name = "Mina") => new(Address, name);

    public async Task<Post> AddPostAsync(string title = "Slow coffee", Action<Post>? change = null)
    {
        var now = Time.GetUtcNow();
        var post = new Post
        {
            Slug = title.ToLowerInvariant().Replace(' ', '-'),
            Title = title,
            Summary = "A post.",
            Markdown = "Text.",
            Html = "<p>Text.</p>",
            AuthorId = Author.Id,
            CreatedAt = now,
            PublishedAt = now.AddMinutes(-1),
        };
        change?.Invoke(post);
        await ChangeAsync(db => db.Posts.Add(post));
        return post;
    }

    /// <summary>Does what a page does.</summary>
    public async Task<T> UseAsync<T>(Func<BlogService, Task<T>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<BlogService>());
    }

    /// <summary>Reads with a context of its own.</summary>
    public async Task<T> ReadAsync<T>(Func<BlogDbContext, Task<T>> read)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>Changes and saves as the program does: in turn, and through its interceptors.</summary>
    public Task ChangeAsync(Action<BlogDbContext> change) => ChangeAsync(db =>
    {
        change(db);
        return Task.CompletedTask;
    });

    /// <inheritdoc cref="ChangeAsync(Action{BlogDbContext})"/>
    public async Task ChangeAsync(Func<BlogDbContext, Task> change)
    {
        using var turn = await Services.GetRequiredService<WriteGate>().EnterAsync(TestContext.Current.CancellationToken);
        await using var db = await Services.GetRequiredService<IDbContextFactory<BlogDbContext>>().CreateDbContextAsync();
        await change(db);
        await db.SaveChangesAsync();
    }

    public Task<List<Comment>> CommentsAsync() => ReadAsync(db => db.Comments.AsNoTracking().OrderBy(comment => comment.Sequence).ToListAsync());

    /// <summary>The ledger with its attempts, oldest first.</summary>
    public Task<List<Delivery>> DeliveriesAsync() => ReadAsync(db =>
        db.Deliveries.AsNoTracking().Include(delivery => delivery.History.OrderBy(attempt => attempt.At)).OrderBy(delivery => delivery.Id).ToListAsync());

    /// <summary>The one delivery of a recipient and channel, as soon as it is as wanted.</summary>
    public async Task<Delivery> WaitForDeliveryAsync(NotificationChannel channel, Func<Delivery, bool> isAsWanted, string because, string? recipientKey = null)
    {
        recipientKey ??= $"user:{Author.Id}";
        return await Eventually.WaitForAsync(
            async () => (await DeliveriesAsync()).Find(delivery => delivery.Channel == channel && delivery.RecipientKey == recipientKey && isAsWanted(delivery)),
            because);
    }

    /// <summary>Every intent has become deliveries, and none of them is still to be sent.</summary>
    public Task WaitUntilQuietAsync() => Eventually.WaitUntilAsync(
        () => ReadAsync(async db => !await db.OutboxMessages.AnyAsync(message => message.ProcessedAt == null)
            && !await db.Deliveries.AnyAsync(delivery => delivery.State == DeliveryState.Pending)),
        "the dispatcher came to rest");

    /// <summary>A clean shutdown; the folder stays for the next blog.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _factory.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsFolder)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task<BlogUser> FindOrAddAuthorAsync()
    {
        if (await ReadAsync(db => db.Users.OrderBy(user => user.Id).FirstOrDefaultAsync()) is { } known)
        {
            return known;
        }

        var author = new BlogUser
        {
            DisplayName = "Jin Park",
            Email = "jin@example.com",
            NormalizedEmail = "JIN@EXAMPLE.COM",
            EmailConfirmed = true,
            PhoneNumber = "+821012345678",
            PhoneNumberConfirmed = true,
        };
        await ChangeAsync(db => db.Users.Add(author));
        return author;
    }
}
