using System.Text.Json;
using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using BlazorBlog.Hosting;
using BlazorBlog.Notifications.Email;
using BlazorBlog.Notifications.Sms;
using BlazorBlog.Posts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Seed;

/// <summary>
/// Fills an empty blog with sample posts and threads. Their newest comments cause notices, unless a transport is configured that writes to people:
/// the sample authors are nobody, and the default recipients did not ask for samples.
/// </summary>
internal sealed partial class Seeder(
    IDbContextFactory<BlogDbContext> contexts,
    UnitOfWork work,
    IPasswordHasher<BlogUser> hasher,
    EmailSettings email,
    SmsSettings sms,
    TimeProvider time,
    ILogger<Seeder> logger)
{
    /// <summary>Comments younger than this are saved as if they were posted now, so that the mailbox has something to show.</summary>
    private static readonly TimeSpan New = TimeSpan.FromHours(4);

    /// <summary>Of every account that is seeded; README names it. There is no such account outside Development.</summary>
    private const string Password = "letters in a bottle";

    private readonly Dictionary<string, BlogUser> _authors = [];
    private readonly Dictionary<string, Guest> _guests = [];
    private readonly Dictionary<string, Tag> _tags = [];

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await db.Posts.AnyAsync(cancellationToken))
            {
                return;
            }
        }

        var writesToPeople = email.Transport.WritesToPeople() || SendsSms;
        if (writesToPeople)
        {
            LogNoNotices(email.Transport, sms.Transport);
        }

        var posts = await ReadPostsAsync(cancellationToken);
        var threads = await ReadThreadsAsync(cancellationToken);
        await work.RunAsync(async db =>
        {
            _authors.Clear();
            _guests.Clear();
            _tags.Clear();
            db.IsImporting = true;
            List<Comment> news = [];
            foreach (var seed in posts)
            {
                var post = AddPost(db, seed);
                var thread = threads.FirstOrDefault(thread => thread.Slug == seed.Slug);
                news.AddRange(AddThread(db, post, thread?.Comments ?? []));
            }

            AddAccounts(db);
            await db.SaveChangesAsync(cancellationToken);
            db.IsImporting = writesToPeople;
            db.Comments.AddRange(news);
        }, cancellationToken);
    }

    private bool SendsSms => sms.Transport.WritesToPeople();

    /// <summary>One account for each role: the first author, and three that only look after the blog or read it.</summary>
    private void AddAccounts(BlogDbContext db)
    {
        var hash = hasher.HashPassword(null!, Password);
        foreach (var author in _authors.Values)
        {
            author.PasswordHash = hash;
            AddRoles(db, author, Roles.Author);
        }

        foreach (var (role, name) in new[] { (Roles.Reader, "Robin"), (Roles.Moderator, "Mori"), (Roles.Administrator, "Ada") })
        {
            var email = $"{(role == Roles.Administrator ? "admin" : role.ToLowerInvariant())}@example.com";
            var user = new BlogUser { DisplayName = name, Email = email, NormalizedEmail = email.ToUpperInvariant(), EmailConfirmed = true, PasswordHash = hash, CreatedAt = time.GetUtcNow() };
            db.Users.Add(user);
            AddRoles(db, user, role);
        }
    }

    private static void AddRoles(BlogDbContext db, BlogUser user, string role)
    {
        foreach (var held in new[] { Roles.Reader, role }.Distinct())
        {
            db.UserRoles.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = Roles.IdOf(held) });
        }
    }

    private Post AddPost(BlogDbContext db, SeedPost seed)
    {
        var at = time.GetUtcNow() - seed.Age;
        var post = new Post
        {
            Slug = seed.Slug,
            Title = seed.Title,
            Summary = seed.Summary,
            Language = TextLanguage.Of(seed.Markdown),
            Markdown = seed.Markdown,
            Html = MarkdownRenderer.RenderPost(seed.Markdown),
            AuthorId = AuthorOf(db, seed.Author).Id,
            CreatedAt = at,
            PublishedAt = at,
        };
        post.Tags.AddRange(seed.Tags.Select(name => TagOf(db, name)));
        db.Posts.Add(post);
        return post;
    }

    /// <returns>The comments that are still to be saved as new ones.</returns>
    private List<Comment> AddThread(BlogDbContext db, Post post, IReadOnlyList<SeedComment> seeds)
    {
        var comments = new Dictionary<string, Comment>();
        List<Comment> news = [];
        foreach (var seed in seeds.OrderByDescending(seed => seed.HoursAgo))
        {
            var age = TimeSpan.FromHours(seed.HoursAgo);
            var isAuthor = seed.Author == "author";
            var comment = new Comment
            {
                PostId = post.Id,
                ParentId = seed.Parent is null ? null : comments[seed.Parent].Id,
                UserId = isAuthor ? post.AuthorId : null,
                GuestId = isAuthor ? null : GuestOf(db, seed.Author).Id,
                AuthorName = isAuthor ? _authors.Values.Single(author => author.Id == post.AuthorId).DisplayName : seed.Author,
                Body = seed.Body,
                Html = MarkdownRenderer.RenderComment(seed.Body),
                CreatedAt = time.GetUtcNow() - age,
            };
            comments.Add(seed.Id, comment);
            comment.Approve(post.NextSequence());
            if (seed.Removed)
            {
                comment.Remove(post.NextSequence(), comment.CreatedAt + TimeSpan.FromMinutes(5));
            }

            if (age < New && !seed.Removed)
            {
                news.Add(comment);
            }
            else
            {
                db.Comments.Add(comment);
            }
        }

        return news;
    }

    private BlogUser AuthorOf(BlogDbContext db, string name)
    {
        if (_authors.TryGetValue(name, out var author))
        {
            return author;
        }

        // Addresses of documentation domains (RFC 2606) and numbers that are never given out; each SMS to one would still be paid for.
        var number = _authors.Count + 1;
        var email = $"author{number}@example.com";
        author = new BlogUser
        {
            DisplayName = name,
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            EmailConfirmed = true,
            PhoneNumber = SendsSms ? null : $"+82100000000{number}",
            PhoneNumberConfirmed = !SendsSms,
            Culture = name.Any(c => c is >= '가' and <= '힣') ? SiteCulture.Ko : null,
            TimeZone = "Asia/Seoul",
        };
        db.Users.Add(author);
        _authors.Add(name, author);
        return author;
    }

    private Guest GuestOf(BlogDbContext db, string name)
    {
        if (!_guests.TryGetValue(name, out var guest))
        {
            guest = new Guest { Name = name, CreatedAt = time.GetUtcNow() };
            db.Guests.Add(guest);
            _guests.Add(name, guest);
        }

        return guest;
    }

    private Tag TagOf(BlogDbContext db, string name)
    {
        if (!_tags.TryGetValue(name, out var tag))
        {
            tag = new Tag { Name = name, Slug = name.ToLowerInvariant().Replace(' ', '-').Replace("#", "sharp", StringComparison.Ordinal) };
            db.Tags.Add(tag);
            _tags.Add(name, tag);
        }

        return tag;
    }

    private static async Task<IReadOnlyList<SeedPost>> ReadPostsAsync(CancellationToken cancellationToken)
    {
        List<SeedPost> posts = [];
        foreach (var name in typeof(Seeder).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".md", StringComparison.Ordinal)))
        {
            await using var stream = typeof(Seeder).Assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            posts.Add(SeedPost.Parse(await reader.ReadToEndAsync(cancellationToken)));
        }

        return posts;
    }

    private static async Task<IReadOnlyList<SeedThread>> ReadThreadsAsync(CancellationToken cancellationToken)
    {
        await using var stream = typeof(Seeder).Assembly.GetManifestResourceStream("Seed/threads.json")!;
        return await JsonSerializer.DeserializeAsync<IReadOnlyList<SeedThread>>(stream, JsonSerializerOptions.Web, cancellationToken) ?? [];
    }

    [LoggerMessage(LogLevel.Information, "The sample content is saved without notices, because Email:Transport is {Email} and Sms:Transport is {Sms}. With File, Console or Memory there are some")]
    private partial void LogNoNotices(EmailTransportKind email, SmsTransportKind sms);
}
