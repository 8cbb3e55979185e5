using BlazorBlog.Threads;

namespace BlazorBlog.Servers;

/// <summary>The servers this program is itself when it is started with <see cref="Command"/>, so that they share no process with a client.</summary>
internal static class OwnServer
{
    public const string Command = "serve";

    private const string Sink = "sink";
    private const string Page = "page";
    private const string Thread = "thread";

    public static Task<ChildServer> StartSinkAsync() => StartAsync(Sink);

    /// <param name="file">What is answered to every request.</param>
    public static Task<ChildServer> StartPageAsync(string file) => StartAsync(Page, file);

    /// <param name="file">The markup of the comments, as <see cref="BareThreadServer"/> reads it.</param>
    public static Task<ChildServer> StartThreadAsync(string file) => StartAsync(Thread, file);

    /// <summary>Serves until the starter closes the standard input, by intention or by its end.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case [Sink]:
                using (var sink = new SmtpSink(TimeSpan.Zero))
                {
                    ChildServer.Announce($"smtp://127.0.0.1:{sink.Port}");
                    await Console.In.ReadToEndAsync();
                }

                break;
            case [Page, var file]:
                await using (var server = await BareServer.StartAsync(await File.ReadAllBytesAsync(file)))
                {
                    ChildServer.Announce(server.Urls.Single());
                    await Console.In.ReadToEndAsync();
                }

                break;
            case [Thread, var file]:
                await using (var server = await BareThreadServer.StartAsync(file))
                {
                    ChildServer.Announce(server.Urls.Single());
                    MemoryGauge.AnswerUntilClosed();
                }

                break;
            default:
                throw new ArgumentException("There is no such server.", nameof(arguments));
        }
    }

    private static Task<ChildServer> StartAsync(params string[] arguments) =>
        ChildServer.StartAsync(typeof(OwnServer).Assembly.Location, [Command, .. arguments], AppContext.BaseDirectory, new Dictionary<string, string>());
}
