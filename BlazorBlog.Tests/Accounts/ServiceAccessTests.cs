using System.Reflection;
using System.Security.Claims;
using BlazorBlog.Accounts.Mail;
using BlazorBlog.Accounts.Profiles;
using BlazorBlog.Accounts.SignIn;
using BlazorBlog.Admin.Dashboard;
using BlazorBlog.Comments.Moderation;
using BlazorBlog.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Accounts;

/// <summary>A live page calls services with a principal as old as its socket, past every route: the services themselves must ask who calls.</summary>
public sealed class ServiceAccessTests(BlogFixture fixture) : IClassFixture<BlogFixture>
{
    private static readonly Type[] Services =
        [typeof(ThreadModeration), typeof(AdminOverview), typeof(ProfileService), typeof(AccountSecurity), typeof(PersonalData), typeof(BlogService)];

    /// <summary>What each method with an actor demands.</summary>
    private static readonly Dictionary<string, string> Demands = new()
    {
        ["ThreadModeration.ListAsync"] = Policies.Moderate,
        ["ThreadModeration.ApproveAsync"] = Policies.Moderate,
        ["ThreadModeration.HideAsync"] = Policies.Moderate,
        ["ThreadModeration.MarkAsSpamAsync"] = Policies.Moderate,
        ["ThreadModeration.HoldAsync"] = Policies.Moderate,
        ["ThreadModeration.ActAsync"] = Policies.Moderate,
        ["ThreadModeration.RemoveAsync"] = Policies.Moderate,
        ["AdminOverview.ReadAsync"] = Policies.SeeAdmin,
        ["AdminOverview.ListPeopleAsync"] = Policies.Administer,
        ["ProfileService.ReadAsync"] = Policies.SignedIn,
        ["ProfileService.ChangeAsync"] = Policies.SignedIn,
        ["ProfileService.ChangePictureAsync"] = Policies.SignedIn,
        ["ProfileService.RemovePictureAsync"] = Policies.SignedIn,
        ["ProfileService.SetRoleAsync"] = Policies.Administer,
        ["AccountSecurity.ReadAsync"] = Policies.SignedIn,
        ["AccountSecurity.ChangePasswordAsync"] = Policies.SignedIn,
        ["AccountSecurity.AskNewEmailAsync"] = Policies.SignedIn,
        ["AccountSecurity.UseNewEmailAsync"] = Policies.SignedIn,
        ["AccountSecurity.BeginTwoFactorAsync"] = Policies.SignedIn,
        ["AccountSecurity.EnableTwoFactorAsync"] = Policies.SignedIn,
        ["AccountSecurity.DisableTwoFactorAsync"] = Policies.SignedIn,
        ["AccountSecurity.NewRecoveryCodesAsync"] = Policies.SignedIn,
        ["AccountSecurity.BeginPasskeyAsync"] = Policies.SignedIn,
        ["AccountSecurity.AddPasskeyAsync"] = Policies.SignedIn,
        ["AccountSecurity.RemovePasskeyAsync"] = Policies.SignedIn,
        ["AccountSecurity.AddLoginAsync"] = Policies.SignedIn,
        ["AccountSecurity.RemoveLoginAsync"] = Policies.SignedIn,
        ["AccountSecurity.CheckOwnerAsync"] = Policies.SignedIn,
        ["AccountSecurity.EndSessionAsync"] = Policies.SignedIn,
        ["AccountSecurity.EndAllSessionsAsync"] = Policies.SignedIn,
        ["PersonalData.ReadAsync"] = Policies.SignedIn,
        ["PersonalData.DeleteAsync"] = Policies.SignedIn,
    };

    /// <summary>Without an actor, each for a reason.</summary>
    private static readonly string[] Open =
    [
        // The proof is the link out of a mail.
        "AccountSecurity.ResetPasswordAsync",
        "AccountSecurity.CheckResetAsync",
        // Pictures stand beside comments.
        "ProfileService.FindPictureAsync",
        "ProfileService.Dispose",
        // What readers read.
        "BlogService.ListPostsAsync",
        "BlogService.FindPostAsync",
        "BlogService.ReadThreadAsync",
        "BlogService.ReadChangesAsync",
        "BlogService.RenderCardAsync",
        "BlogService.FindSlugOfCommentAsync",
        // What readers write; what they change is theirs, which their cookie proves.
        "BlogService.AddCommentAsync",
        "BlogService.FindWriterAsync",
        "BlogService.AwaitsConfirmationAsync",
        "BlogService.ReadOwnAsync",
        "BlogService.EditCommentAsync",
        "BlogService.RemoveOwnCommentAsync",
        "BlogService.RestoreOwnCommentAsync",
        "BlogService.ReactAsync",
    ];

    private readonly TestBlog _blog = fixture.Blog;

    public static TheoryData<string> Methods => [.. Demands.Keys];

    [Fact]
    public void Every_method_names_what_it_demands_or_is_open_on_purpose()
    {
        var methods = Services.SelectMany(PublicMethods).ToList();

        Assert.Equal(Demands.Keys.Order(), methods.Where(HasActor).Select(Name).Distinct().Order());
        Assert.Equal(Open.Order(), methods.Where(method => !HasActor(method)).Select(Name).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_lets_in_the_holders_of_its_policy_and_nobody_else(string name)
    {
        foreach (var method in Find(name))
        {
            foreach (var role in Roles.All)
            {
                var isLetIn = await IsLetInAsync(method, await TestPeople.SignInAsync(_blog.Services, role));

                Assert.True(isLetIn == Policies.Holders[Demands[name]].Contains(role), $"{name} {(isLetIn ? "lets" : "does not let")} a {role} in.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_refuses_whoever_is_not_signed_in_any_more(string name)
    {
        foreach (var method in Find(name))
        {
            Assert.False(await IsLetInAsync(method, new ClaimsPrincipal()), "Nobody.");
            foreach (var (why, end) in Ends)
            {
                var actor = await TestPeople.SignInAsync(_blog.Services, Roles.Administrator);
                await end(this, actor);

                Assert.False(await IsLetInAsync(method, actor), $"{name} lets somebody in, although {why}.");
            }
        }
    }

    [Fact]
    public async Task A_cookie_that_claims_a_role_gains_nothing_by_it()
    {
        var reader = await TestPeople.SignInAsync(_blog.Services, Roles.Reader);
        ((ClaimsIdentity)reader.Identity!).AddClaims(Roles.All.Select(role => new Claim(ClaimTypes.Role, role)));

        await Assert.ThrowsAsync<AccessDeniedException>(() => Get<AdminOverview>().ListPeopleAsync(reader, 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sign_in_of_one_account_does_not_serve_another()
    {
        var administrator = await TestPeople.SignInAsync(_blog.Services, Roles.Administrator);
        var reader = await AccountVisitor.AddAsync(_blog);

        // The administrator's session under the reader's name, and the other way round.
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => Get<ProfileService>().ReadAsync(TestPeople.Principal(reader, administrator.SessionId()!.Value), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_administrator_with_a_password_alone_is_what_everybody_else_is()
    {
        var administrator = await AccountVisitor.AddAsync(_blog, Roles.Administrator);
        var actor = TestPeople.Principal(
            administrator, await Get<SignInSessions>().StartAsync(administrator.Id, SignInMethod.Password, null, TestContext.Current.CancellationToken));
        foreach (var (name, policy) in Demands)
        {
            foreach (var method in Find(name).Where(_ => policy != Policies.SignedIn))
            {
                Assert.False(await IsLetInAsync(method, actor), name);
            }
        }

        Assert.True(await IsLetInAsync(Find("ProfileService.ReadAsync").Single(), actor));
    }

    /// <summary>Ways in which a sign-in ends, or a person ceases to be what they were.</summary>
    private static IEnumerable<(string Why, Func<ServiceAccessTests, ClaimsPrincipal, Task> Do)> Ends =>
    [
        ("the sign-in was ended", (tests, actor) => tests.Get<SignInSessions>().EndAsync(actor.UserId()!.Value, actor.SessionId()!.Value, CancellationToken.None)),
        ("the security stamp changed", (tests, actor) => tests.ChangeUserAsync(actor, user => user.SecurityStamp = "another")),
        ("the account is closed", (tests, actor) => tests.ChangeUserAsync(actor, user => user.LockoutEnd = DateTimeOffset.MaxValue)),
        ("the sign-in is too old", (tests, actor) => tests._blog.ChangeAsync(db => db.SignInSessions.Where(session => session.Id == actor.SessionId())
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastSeenAt, tests._blog.Time.GetUtcNow() - SignInSessions.Lifetime)))),
        ("the account is gone", (tests, actor) => tests._blog.ChangeAsync(db => db.Users.Where(user => user.Id == actor.UserId()).ExecuteDeleteAsync())),
    ];

    private static IEnumerable<MethodInfo> PublicMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName);

    private static bool HasActor(MethodInfo method) => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ClaimsPrincipal));

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static IEnumerable<MethodInfo> Find(string name) => Services.SelectMany(PublicMethods).Where(method => HasActor(method) && Name(method) == name);

    /// <summary>Calls a method within a request, as a page does. Whatever else may be wrong with the arguments comes after the question who calls.</summary>
    private async Task<bool> IsLetInAsync(MethodInfo method, ClaimsPrincipal actor)
    {
        await using var scope = _blog.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = actor };
        var arguments = method.GetParameters().Select(parameter => Argument(parameter, actor)).ToArray();
        try
        {
            await (Task)method.Invoke(scope.ServiceProvider.GetRequiredService(method.DeclaringType!), arguments)!;
            return true;
        }
        catch (AccessDeniedException)
        {
            return false;
        }
    }

    private static object? Argument(ParameterInfo parameter, ClaimsPrincipal actor) => parameter.ParameterType switch
    {
        var type when type == typeof(ClaimsPrincipal) => actor,
        var type when type == typeof(string) => parameter.Name switch
        {
            "role" => Roles.Author,
            "credential" => "{}",
            _ => "",
        },
        var type when type == typeof(Guid) => Guid.NewGuid(),
        var type when type == typeof(byte[]) => new byte[16],
        var type when type == typeof(Stream) => new MemoryStream([1, 2, 3]),
        var type when type == typeof(UserLoginInfo) => new UserLoginInfo("GitHub", Guid.NewGuid().ToString(), "GitHub"),
        var type when type == typeof(EmailVerification) => new EmailVerification
        {
            Purpose = VerificationPurpose.ChangeEmail,
            Email = "new@example.com",
            Code = "",
            CreatedAt = default,
            ExpiresAt = default,
        },
        var type when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };

    private Task ChangeUserAsync(ClaimsPrincipal actor, Action<BlogUser> change) =>
        _blog.ChangeAsync(async db => change(await db.Users.SingleAsync(user => user.Id == actor.UserId())));

    private T Get<T>() where T : notnull => _blog.Services.GetRequiredService<T>();
}
