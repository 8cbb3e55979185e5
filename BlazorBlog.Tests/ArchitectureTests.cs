using Microsoft.AspNetCore.Components;
using NetArchTest.Rules;

namespace BlazorBlog;

/// <summary>Which folder may know which, as docs/architecture.md draws it.</summary>
public sealed class ArchitectureTests
{
    private const string EntityFramework = "Microsoft.EntityFrameworkCore";

    [Theory]
    [InlineData("Hosting", "Accounts", "Admin", "Comments", "DevMailbox", "Notifications", "Posts", "Threads")]
    [InlineData("Data", "Admin", "Components", "DevMailbox", "Threads")]
    [InlineData("Components", "Admin", "Data", "DevMailbox", "Notifications", "Threads")]
    [InlineData("Posts", "Admin", "DevMailbox", "Notifications")]
    [InlineData("Comments", "Admin", "DevMailbox", "Notifications.Deliveries", "Notifications.Outbox", "Notifications.Email", "Notifications.Sms")]
    [InlineData("Threads", "Admin", "DevMailbox", "Notifications.Deliveries", "Notifications.Outbox", "Notifications.Email", "Notifications.Sms")]
    [InlineData("Notifications", "Admin", "DevMailbox", "Threads")]
    [InlineData("Notifications.Deliveries", "Notifications.Email", "Notifications.Sms", "Notifications.Templates", "Notifications.Unsubscribe")]
    [InlineData("Notifications.Recipients", "Notifications.Email", "Notifications.Sms", "Notifications.Templates", "Notifications.Unsubscribe")]
    [InlineData("Notifications.Email.Smtp", "Comments", "Data", "Notifications.Templates")]
    [InlineData("Notifications.Sms.CoolSms", "Comments", "Data", "Notifications.Templates")]
    [InlineData("Notifications.Sms.Twilio", "Comments", "Data", "Notifications.Templates")]
    [InlineData("Accounts", "Admin", "DevMailbox", "Threads")]
    public void A_folder_knows_nothing_of(string folder, params string[] others) => AssertKnowsNone(folder, others.Select(other => $"BlazorBlog.{other}"));

    [Theory]
    [InlineData("Notifications.Email.Smtp")]
    [InlineData("Notifications.Sms")]
    [InlineData("Components")]
    public void No_database_is_known_in(string folder) => AssertKnowsNone(folder, [EntityFramework]);

    [Theory]
    [InlineData("Comments", "Threads")]
    [InlineData("Threads", "Comments")]
    [InlineData("Data", "Posts")]
    [InlineData("Notifications", "Posts")]
    public void A_folder_knows_no_page_or_component_of(string folder, string other) => AssertKnowsNone(
        folder,
        Types.InAssembly(typeof(Program).Assembly).That().ResideInNamespace($"BlazorBlog.{other}").And().Inherit(typeof(ComponentBase)).GetTypes().Select(type => type.FullName!));

    private static void AssertKnowsNone(string folder, IEnumerable<string> unknown)
    {
        var inside = Types.InAssembly(typeof(Program).Assembly).That().ResideInNamespaceMatching($@"^BlazorBlog\.{folder.Replace(".", @"\.", StringComparison.Ordinal)}(\.|$)");
        Assert.NotEmpty(inside.GetTypes());
        var names = unknown.ToArray();
        Assert.NotEmpty(names);

        var result = inside.ShouldNot().HaveDependencyOnAny(names).GetResult();

        Assert.Empty(result.FailingTypeNames ?? []);
    }
}
