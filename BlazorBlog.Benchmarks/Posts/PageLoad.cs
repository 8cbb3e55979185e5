using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace BlazorBlog.Posts;

/// <summary>
/// Asks for one page again and again over connections that stay open. Plain sockets on threads of their own: an HTTP client would cost
/// more of the machine than the servers it measures.
/// </summary>
internal static class PageLoad
{
    /// <returns>Answers per second over all connections.</returns>
    public static async Task<double> MeasureAsync(Uri page, int connections, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections)
            .Select(_ => Task.Factory.StartNew(() => Ask(page, started, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static int Ask(Uri page, long started, TimeSpan duration)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(page.Host, page.Port);
        var request = Encoding.ASCII.GetBytes($"GET {page.AbsolutePath} HTTP/1.1\r\nHost: {page.Authority}\r\nAccept: text/html\r\n\r\n");
        var answers = new HttpAnswers(socket);
        var count = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            socket.Send(request);
            answers.Skip();
            count++;
        }

        return count;
    }
}
