using BlazorBlog.Campaign;
using BlazorBlog.Comments;
using BlazorBlog.Measuring;
using BlazorBlog.Notifications;
using BlazorBlog.Posts;
using BlazorBlog.Servers;
using BlazorBlog.Threads;

if (args is [OwnServer.Command, ..])
{
    await OwnServer.RunAsync(args[1..]);
    return 0;
}

if (args is [NoticeCampaign.Command, ..])
{
    return await NoticeCampaign.RunAsync(args[1..]);
}

IBenchmark[] benchmarks =
[
    new CommentRate("comments", posters: 1, Budget.AtLeast(1 / 1.5)),
    new CommentRate("comments-64", posters: 64, Budget.AtLeast(1.0)),
    new CommentLatency(),
    new HandOff(),
    new SmtpRate("smtp", connections: 1),
    new SmtpRate("smtp-4", connections: 4),
    new DeliveryRate(),
    new PageRate(),
    new PageWeight(),
    new LongThread(),
    new CircuitMemory(),
    new FanOut("fanout-50", readers: 50, budget: null),
    new FanOut("fanout-200", readers: 200, budget: null),
    new FanOut("fanout-1000", readers: 1000, Budget.AtMost(0.5)),
];

var unknown = args.Except(benchmarks.Select(benchmark => benchmark.Name)).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync($"No benchmark is named {string.Join(", ", unknown)}. There are: {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}

var report = new Report(Console.Out);
foreach (var benchmark in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
{
    await benchmark.RunAsync(report);
}

return report.IsShort ? 1 : 0;
