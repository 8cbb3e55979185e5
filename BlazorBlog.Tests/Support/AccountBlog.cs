using BlazorBlog.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>One blog in production for the browser tests of a class, with its scripts and styles. Mails stay in memory.</summary>
public sealed class AccountBlog : IAsyncLifetime
{
    private int _posts;

    public TestBlog Blog { get; private set; } = null!;

    /// <summary>By this name: the browser makes passkeys for <c>localhost</c>, and for no number.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Blog = await StartAsync();
        Address = AddressOf(Blog);
    }

    public static Task<TestBlog> StartAsync(Action<TestBlogOptions>? configure = null) => TestBlog.StartAsync(options =>
    {
        options.StaticAssets = true;
        // As the browser sees it: cookies of an https address would not come back.
        options.Settings["Site:BaseUrl"] = "http://localhost";
        configure?.Invoke(options);
    });

    public static Uri AddressOf(TestBlog blog) => new UriBuilder(blog.Address) { Host = "localhost" }.Uri;

    public Person Person(string name = "Mina Park") => new(Blog, name);

    /// <summary>Somebody whose account is there already.</summary>
    public Task<Person> AddPersonAsync(string name = "Mina Park", string role = Roles.Reader) => AddPersonAsync(Blog, name, role);

    /// <inheritdoc cref="AddPersonAsync(string, string)"/>
    public static async Task<Person> AddPersonAsync(TestBlog blog, string name, string role)
    {
        var person = new Person(blog, name);
        await AddAsync(blog, person, role);
        return person;
    }

    /// <summary>Gives somebody an account with a password.</summary>
    public static Task AddAsync(TestBlog blog, Person person, string role) => TestPeople.AddAsync(blog.Services, role, user =>
    {
        (user.DisplayName, user.Email) = (person.Name, person.Email);
        user.PasswordHash = blog.Services.GetRequiredService<IPasswordHasher<BlogUser>>().HashPassword(user, person.Password);
    });

    /// <summary>The address of a new post.</summary>
    public async Task<string> NewPostAsync() => (await Blog.AddPostAsync($"Post {Interlocked.Increment(ref _posts)}")).Slug;

    public ValueTask DisposeAsync() => Blog.DisposeAsync();
}
