using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace BlazorBlog.Support;

/// <summary>
/// A mail server of our own on a real socket of 127.0.0.1. It takes every mail unless told otherwise, at start by its options or
/// while it runs with <see cref="On(string, FakeSmtpAction)"/>.
/// </summary>
public sealed class FakeSmtpServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Func<string, FakeSmtpAction?>> _script = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<int, (FakeSmtpSession Session, Task Run)> _sessions = [];
    private readonly Lock _gate = new();
    private readonly List<FakeSmtpMessage> _messages = [];
    private readonly List<string> _commands = [];
    private readonly Task _accepting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    private FakeSmtpServer(FakeSmtpOptions options)
    {
        Options = options;
        _listener = new TcpListener(IPAddress.Loopback, options.Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public FakeSmtpOptions Options { get; }

    public int Port { get; }

    /// <summary>Wait before every answer; may be changed while the server runs.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Mails taken so far, oldest first.</summary>
    public IReadOnlyList<FakeSmtpMessage> Messages => Snapshot(_messages);

    /// <summary>All lines received outside of mails, in order of arrival.</summary>
    public IReadOnlyList<string> Commands => Snapshot(_commands);

    /// <summary>How many connections were ever made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int OpenConnections => _sessions.Count;

    public static Task<FakeSmtpServer> StartAsync(Action<FakeSmtpOptions>? configure = null)
    {
        var options = new FakeSmtpOptions();
        configure?.Invoke(options);
        return Task.FromResult(new FakeSmtpServer(options));
    }

    /// <summary>
    /// Does <paramref name="action"/> instead of the usual answer to a command, from now on. Beside SMTP's verbs: <c>CONNECT</c> (in
    /// place of the greeting), <c>.</c> (the final dot) and <c>BODY</c> (as soon as anything of the mail has come).
    /// </summary>
    public void On(string verb, FakeSmtpAction action) => On(verb, _ => action);

    /// <summary>Null from <paramref name="answer"/>, which gets the whole line, leaves the usual answer.</summary>
    public void On(string verb, Func<string, FakeSmtpAction?> answer) => _script[verb] = answer;

    /// <summary>Does it once.</summary>
    public void Once(string verb, FakeSmtpAction action)
    {
        var left = 1;
        On(verb, _ => Interlocked.Decrement(ref left) >= 0 ? action : null);
    }

    /// <summary>Forgets what was scripted for the command.</summary>
    public void Usually(string verb) => _script.TryRemove(verb, out _);

    /// <summary>Closes all connections as a server does with idle ones.</summary>
    public async Task CloseConnectionsAsync()
    {
        foreach (var (session, run) in _sessions.Values)
        {
            session.Dispose();
            await run;
        }
    }

    /// <summary>The first <paramref name="count"/> mails, as soon as there are so many.</summary>
    public async Task<IReadOnlyList<FakeSmtpMessage>> WaitForMessagesAsync(int count, CancellationToken cancellationToken)
    {
        await WaitAsync(() => Messages.Count >= count, $"{count} mails", cancellationToken);
        return [.. Messages.Take(count)];
    }

    /// <summary>Waits for a command that begins like this, e.g. <c>QUIT</c>.</summary>
    public Task WaitForCommandAsync(string start, CancellationToken cancellationToken) =>
        WaitAsync(() => Commands.Any(command => command.StartsWith(start, StringComparison.OrdinalIgnoreCase)), start, cancellationToken);

    /// <summary>Until something is true of what the server has seen.</summary>
    /// <exception cref="TimeoutException">It did not become true within a minute.</exception>
    public async Task WaitAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited for {what}; commands so far: {string.Join(" | ", Commands)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await CloseConnectionsAsync();
        _stopping.Dispose();
    }

    internal FakeSmtpAction? Scripted(string verb, string line) => _script.TryGetValue(verb, out var answer) ? answer(line) : null;

    internal void Note(string command)
    {
        lock (_gate)
        {
            _commands.Add(command);
        }

        Notify();
    }

    internal void Take(FakeSmtpMessage message)
    {
        lock (_gate)
        {
            _messages.Add(message);
        }

        Notify();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                var number = Interlocked.Increment(ref _connections);
                var session = new FakeSmtpSession(this, socket, number);
                var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _sessions[number] = (session, RunAsync(session, number, started.Task));
                started.SetResult();
                Notify();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task RunAsync(FakeSmtpSession session, int number, Task started)
    {
        // The session must be in the table before it can take itself out of it.
        await started;
        try
        {
            await session.RunAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
            // The client went away, or would not trust our certificate.
        }
        finally
        {
            session.Dispose();
            _sessions.TryRemove(number, out _);
            Notify();
        }
    }

    private void Notify()
    {
        TaskCompletionSource ringing;
        lock (_gate)
        {
            ringing = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        ringing.SetResult();
    }

    private List<T> Snapshot<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
