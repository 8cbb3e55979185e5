using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using BlazorBlog.Measuring;
using BlazorBlog.Notifications.Deliveries;
using BlazorBlog.Notifications.Templates;
using BlazorBlog.Servers;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Campaign;

/// <summary>
/// The real program on two nodes for some minutes, with bad providers, and killed and stopped at random: no answered comment may lose a
/// notice, repeat one where the provider could tell, or see one given up.
/// </summary>
internal sealed class NoticeCampaign
{
    /// <summary>Arguments: seed (1), minutes (10).</summary>
    public const string Command = "campaign";

    private const string Number = "+821012345678";

    private static readonly string[] Mailboxes = ["author@blog.example", "desk@blog.example", "owner@blog.example"];

    private static readonly TimeSpan SmtpTimeout = TimeSpan.FromSeconds(3), Lease = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromMinutes(5);

    private readonly Random _random;
    private readonly TimeSpan _duration;
    private readonly Dictionary<string, string> _settings;
    private readonly FaultySmtpServer _smtp;
    private readonly FaultySmsServer _sms;
    private readonly ChildServer?[] _nodes = new ChildServer?[2];
    private readonly ConcurrentQueue<(Guid Id, string Mark)> _answered = new();
    private readonly ConcurrentQueue<DateTimeOffset> _interruptions = new();
    private string _slug = "";

    private NoticeCampaign(Random random, TimeSpan duration, Dictionary<string, string> settings, FaultySmtpServer smtp, FaultySmsServer sms) =>
        (_random, _duration, _settings, _smtp, _sms) = (random, duration, settings, smtp, sms);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var seed = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        var duration = TimeSpan.FromMinutes(arguments.Length > 1 ? double.Parse(arguments[1], CultureInfo.InvariantCulture) : 10);
        var report = new Report(Console.Out);
        await RunAsync("SQLite", seed, duration, [], report);
        await using var cluster = await PostgreSqlCluster.StartAsync();
        if (cluster is null)
        {
            report.Skip("PostgreSQL", "it is not installed (Debian: apt-get install postgresql)");
        }
        else
        {
            await RunAsync("PostgreSQL", seed, duration, new() { ["Database:Provider"] = "PostgreSql", ["ConnectionStrings:Blog"] = cluster.ConnectionString }, report);
        }

        return report.IsShort ? 1 : 0;
    }

    private static async Task RunAsync(string database, int seed, TimeSpan duration, Dictionary<string, string> settings, Report report)
    {
        using var scratch = new Scratch();
        using var smtp = new FaultySmtpServer(new Random(seed + 1), SmtpTimeout);
        await using var sms = await FaultySmsServer.StartAsync(new Random(seed + 2));
        var all = new Dictionary<string, string>(BlogHost.Settings(scratch, smtp.Port))
        {
            ["Email:Timeout"] = $"{SmtpTimeout:c}",
            ["Email:Connections"] = "4",
            ["Email:DefaultRecipients"] = string.Join(',', Mailboxes[1..]),
            ["Sms:Transport"] = "Twilio",
            ["Sms:DailyLimitPerRecipient"] = "0",
            ["Sms:From"] = "+15005550006",
            ["Sms:Twilio:AccountSid"] = FaultySmsServer.AccountSid,
            ["Sms:Twilio:AuthToken"] = "12345678901234567890123456789012",
            ["Sms:Twilio:BaseUrl"] = sms.Address.AbsoluteUri,
            ["Notifications:LeaseDuration"] = $"{Lease:c}",
            ["Notifications:PollInterval"] = "00:00:00.5",
            ["Logging:LogLevel:Default"] = "None",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "None",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var campaign = new NoticeCampaign(new Random(seed), duration, all, smtp, sms);
        try
        {
            await campaign.RunAsync(database, report);
        }
        finally
        {
            Array.ForEach(campaign._nodes, node => node?.Dispose());
        }
    }

    private async Task RunAsync(string database, Report report)
    {
        await using var blog = await BlogHost.OpenAsync(_settings);
        _slug = (await blog.AddPostAsync(comments: 0)).Slug;
        await using (var db = await blog.OpenDatabaseAsync())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.PhoneNumber, Number).SetProperty(user => user.PhoneNumberConfirmed, true));
        }

        _nodes[0] = await StartNodeAsync();
        _nodes[1] = await StartNodeAsync();
        using var over = new CancellationTokenSource(_duration);
        await Task.WhenAll(CommentAsync(over.Token), InterruptAsync(over.Token));

        (_smtp.IsFaulty, _sms.IsFaulty) = (false, false);
        var unfinished = await FinishAsync(blog);
        var handedOver = _smtp.Taken.Concat(_sms.Taken).ToLookup(message => (message.Recipient, message.Mark));
        var repeats = handedOver.Where(copies => copies.Count() > 1).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{database,-12} {_answered.Count} comments answered, {handedOver.Count} notices handed over, {_interruptions.Count} nodes killed or stopped, {repeats.Count} mails sent again that the server could not tell"));
        report.AddFaults($"{database}: notices lost", [.. Expected().Where(notice => !handedOver.Contains(notice)).Select(notice => $"{notice.Mark} to {notice.Recipient}")]);
        report.AddFaults($"{database}: repeated", [.. repeats.Where(copies => !IsExcused([.. copies])).Select(copies => $"{copies.Key.Mark} to {copies.Key.Recipient}")]);
        report.AddFaults($"{database}: failed or left", unfinished);
    }

    private async Task<ChildServer> StartNodeAsync()
    {
        var environment = _settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        // The line that tells the address.
        environment["Logging__LogLevel__BlazorBlog"] = "Information";
        return await ChildServer.StartAsync(Path.Combine(AppContext.BaseDirectory, "BlazorBlog.dll"), [], AppContext.BaseDirectory, environment);
    }

    private async Task CommentAsync(CancellationToken over)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(5) };
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var mark = $"mark-{i}-end";
            try
            {
                if (_nodes[i % 2] is { } node)
                {
                    using var form = new FormUrlEncodedContent([new("Name", "Jin"), new("Body", $"What a campaign: {mark}"), new("IdempotencyKey", $"{Guid.NewGuid()}")]);
                    using var answer = await browser.PostAsync(new Uri(node.Address, $"/posts/{_slug}/comments"), form, CancellationToken.None);
                    if (answer.StatusCode == HttpStatusCode.SeeOther)
                    {
                        _answered.Enqueue((Guid.Parse(answer.Headers.Location!.OriginalString[^36..]), mark));
                    }
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Killed or stopped before it answered: nothing was promised.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task InterruptAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(5 + _random.Next(15)), TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (which, isKill, seconds) = (_random.Next(2), _random.Next(2) == 0, 2 + _random.Next(20));
            var node = _nodes[which]!;
            _interruptions.Enqueue(TimeProvider.System.GetUtcNow());
            if (isKill)
            {
                _nodes[which] = null;
                node.Dispose();
                _nodes[which] = await StartNodeAsync();
            }
            else
            {
                node.Signal("STOP");
                // Often longer than its leases.
                await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, CancellationToken.None);
                node.Signal("CONT");
            }
        }
    }

    /// <summary>With good providers, what waits is made due at once.</summary>
    /// <returns>What was given up, or is still not done.</returns>
    private static async Task<List<string>> FinishAsync(BlogHost blog)
    {
        for (var until = TimeProvider.System.GetUtcNow() + Patience; ; await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System))
        {
            await using var db = await blog.OpenDatabaseAsync();
            var now = TimeProvider.System.GetUtcNow();
            await db.Deliveries.Where(delivery => delivery.State == DeliveryState.Pending && delivery.LeaseOwner == null && delivery.DueAt > now)
                .ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.DueAt, now));
            var messages = await db.OutboxMessages.CountAsync(message => message.ProcessedAt == null);
            // Nothing speaks against any of these notices, so NotSent is wrong as well.
            var rest = await db.Deliveries.Where(delivery => delivery.State != DeliveryState.Accepted)
                .Select(delivery => $"{delivery.State}, {delivery.Channel}, {delivery.Reason}{delivery.LastCode}").ToListAsync();
            if ((messages == 0 && rest.TrueForAll(state => !state.StartsWith($"{DeliveryState.Pending}", StringComparison.Ordinal))) || now > until)
            {
                return [.. rest, .. Enumerable.Repeat("outbox message", messages)];
            }
        }
    }

    private IEnumerable<(string Recipient, string Mark)> Expected() => _answered.SelectMany(comment =>
        Mailboxes.Select(mailbox => (mailbox, comment.Mark)).Append((Number, $"/c/{NotificationLinks.Shorten(comment.Id)}")));

    /// <summary>
    /// A mail may come again, under the same Message-ID, where its sender was not told that it was taken, or died or stood still before it
    /// could write that down. An SMS is asked after, and never comes again.
    /// </summary>
    private bool IsExcused(IReadOnlyList<HandedOver> copies) => copies[0].Id is not null && copies.Select(copy => copy.Id).Distinct().Count() == 1
        && copies.SkipLast(1).All(copy => !copy.IsTold || _interruptions.Any(at => at > copy.At - Lease * 3 && at < copy.At + Lease));
}
