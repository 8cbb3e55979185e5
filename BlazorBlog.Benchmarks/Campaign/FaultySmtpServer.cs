using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorBlog.Campaign;

/// <summary>An SMTP server of the bad sort: slow, a tarpit, closing, hanging before and after the final dot. What it does is drawn per connection.</summary>
internal sealed partial class FaultySmtpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Random _random;
    private readonly TimeSpan _clientTimeout;

    /// <param name="random">Draws the faults.</param>
    /// <param name="clientTimeout">How long the client waits for one answer.</param>
    public FaultySmtpServer(Random random, TimeSpan clientTimeout)
    {
        (_random, _clientTimeout) = (random, clientTimeout);
        _listener.Start();
        _ = AcceptAsync();
    }

    private enum Fault
    {
        None,
        Slow,
        Tarpit,
        ClosesAtCommand,
        RefusesForNow,
        HangsBeforeDot,
        HangsAfterDot,
        CutsAfterDot,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Switched off, it is a good server.</summary>
    public bool IsFaulty { get; set; } = true;

    public ConcurrentQueue<HandedOver> Taken { get; } = new();

    public void Dispose()
    {
        _closing.Cancel();
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The campaign is over.
        }
    }

    private Fault Draw()
    {
        if (!IsFaulty)
        {
            return Fault.None;
        }

        lock (_random)
        {
            return _random.Next(100) switch
            {
                < 55 => Fault.None,
                < 67 => Fault.Slow,
                < 70 => Fault.Tarpit,
                < 77 => Fault.ClosesAtCommand,
                < 85 => Fault.RefusesForNow,
                < 90 => Fault.HangsBeforeDot,
                < 95 => Fault.HangsAfterDot,
                _ => Fault.CutsAfterDot,
            };
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await TalkAsync(client.GetStream(), Draw());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the campaign is over.
        }
    }

    private async Task TalkAsync(NetworkStream stream, Fault fault)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var recipient = "";
        await AnswerAsync("220 bad ESMTP");
        while (await reader.ReadLineAsync(_closing.Token) is { } command)
        {
            switch (command.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await AnswerAsync("250-bad\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME");
                    break;
                case "MAIL" when fault == Fault.ClosesAtCommand:
                    await AnswerAsync("421 4.3.2 closing");
                    return;
                case "RCPT" when fault == Fault.RefusesForNow:
                    await AnswerAsync("451 4.7.1 greylisted");
                    break;
                case "RCPT":
                    recipient = Address().Match(command).Value;
                    await AnswerAsync("250 2.1.5 ok");
                    break;
                case "DATA" when fault == Fault.HangsBeforeDot:
                    await HangAsync();
                    return;
                case "DATA" when recipient.Length == 0:
                    await AnswerAsync("503 5.5.1 no recipient");
                    break;
                case "DATA":
                    await AnswerAsync("354 go on");
                    var mail = await ReadMailAsync(reader);
                    var taken = new HandedOver(recipient, Mark().Match(mail).Value, MessageId().Match(mail).Groups[1].Value, TimeProvider.System.GetUtcNow(), IsTold: false);
                    if (fault is Fault.HangsAfterDot or Fault.CutsAfterDot)
                    {
                        Taken.Enqueue(taken);
                        await (fault == Fault.HangsAfterDot ? HangAsync() : Task.CompletedTask);
                        return;
                    }

                    await AnswerAsync("250 2.0.0 taken");
                    Taken.Enqueue(taken with { IsTold = true });
                    recipient = "";
                    break;
                case "QUIT":
                    await AnswerAsync("221 bye");
                    return;
                default:
                    await AnswerAsync("250 ok");
                    break;
            }
        }

        async Task AnswerAsync(string line)
        {
            // A tarpit answers each command just in time.
            var wait = fault == Fault.Tarpit ? _clientTimeout * 0.8 : fault == Fault.Slow ? _clientTimeout * 0.1 : TimeSpan.Zero;
            await Task.Delay(wait, TimeProvider.System, _closing.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _closing.Token);
        }

        Task HangAsync() => Task.Delay(_clientTimeout * 2, TimeProvider.System, _closing.Token);
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(_closing.Token) is { } line && line != ".")
        {
            mail.AppendLine(line);
        }

        return mail.ToString();
    }

    [GeneratedRegex("(?<=<)[^>]+(?=>)")]
    private static partial Regex Address();

    [GeneratedRegex("mark-[0-9]+-end")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^Message-Id:\s*<([^>]+)>", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}
