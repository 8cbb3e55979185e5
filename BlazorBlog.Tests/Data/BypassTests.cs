using System.Text.RegularExpressions;
using BlazorBlog.Support;

namespace BlazorBlog.Data;

/// <summary>
/// Statements that pass by the change tracker write no outbox message, evict no page and leave no audit entry. Each place that has one
/// stands here with the reason why that is right.
/// </summary>
public sealed partial class BypassTests
{
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["Accounts/Administrators.cs ExecuteUpdate"] = "A lock: the row of the role stays as it is.",
        ["Accounts/Profiles/GuestLinking.cs ExecuteUpdate"] = "Whose reactions they are: no count changes, and no page says it.",
        ["Accounts/Mail/AccountMail.cs ExecuteDelete"] = "What mails said that are sent, and the ledger's memory of old ones: nobody is shown either.",
        ["Accounts/Mail/EmailVerifications.cs ExecuteDelete"] = "Questions that nobody can answer any more.",
        ["Accounts/Mail/EmailVerifications.cs ExecuteUpdate"] = "Tries and the one right answer: a counter and a mark, each judged in the statement that writes it.",
        ["Accounts/Profiles/PersonalData.cs ExecuteDelete"] = "What nobody but the person saw, beside a deletion that is announced.",
        ["Accounts/Profiles/PersonalData.cs ExecuteUpdate"] = "Words about deliveries, which no page but the owner's shows.",
        ["Accounts/SignIn/SignInSessions.cs ExecuteDelete"] = "Sign-ins that ended: each is asked for anew, and none is remembered anywhere.",
        ["Accounts/SignIn/SignInSessions.cs ExecuteUpdate"] = "Signs of life and strength of a sign-in, asked for anew each time.",
        ["Comments/CommentChanges.cs ExecuteUpdate"] = "The thread's number: a counter, raised in the statement that locks the post's row.",
        ["Comments/Posting/CommentStore.cs ExecuteUpdate"] = "The thread's number: a counter, raised in the statement that locks the post's row.",
        ["Data/DatabaseMigrator.cs ExecuteSql"] = "The schema, before there is anything to announce.",
        ["Notifications/Recipients/ThreadPresence.cs ExecuteDelete"] = "Signs of life that ended: a lease.",
        ["Notifications/Recipients/ThreadPresence.cs ExecuteUpdate"] = "Signs of life and the moments of deliveries: leases.",
        ["Hosting/HealthEndpoints.cs ExecuteSql"] = "A write that changes nothing, to see whether one can be made.",
        ["Notifications/Deliveries/ClaimStatements.cs ExecuteUpdate"] = "The end of a lease, and the mark of an attempt under it.",
        ["Notifications/Deliveries/DeliveryStore.cs FromSql"] = "The claim of deliveries: a lease.",
        ["Notifications/Outbox/OutboxProcessor.cs FromSql"] = "The claim of outbox messages: a lease.",
    };

    [Fact]
    public void Every_statement_that_passes_by_the_interceptors_is_known_and_has_a_reason()
    {
        var source = Path.Combine(Repository.Root, "BlazorBlog");
        var found =
            from file in Directory.EnumerateFiles(source, "*.*", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(source, file).Replace('\\', '/')
            where (path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
                && !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal)
            from Match match in Bypass().Matches(File.ReadAllText(file))
            select $"{path} {match.Groups[1].Value}";

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\.(ExecuteUpdate|ExecuteDelete|ExecuteSql|FromSql)(?:Raw|Interpolated)?(?:Async)?\s*\(")]
    private static partial Regex Bypass();
}
