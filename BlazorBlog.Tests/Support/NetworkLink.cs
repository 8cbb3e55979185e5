using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BlazorBlog.Support;

/// <summary>
/// The wire between a browser and a server, as an address of its own that stays while servers come and go. Cut, it drops every connection
/// and takes no new one, sockets included, which a browser's own offline mode leaves open.
/// </summary>
public sealed class NetworkLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly Task _accepting;
    private volatile Uri? _server;

    public NetworkLink(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public void Cut()
    {
        _server = null;
        foreach (var connection in _open.Keys)
        {
            connection.Close();
        }
    }

    /// <summary>From now on new connections lead to this server; those that are open stay where they are.</summary>
    public void LeadTo(Uri server) => _server = server;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(TcpClient browser)
    {
        using var near = browser;
        using var far = new TcpClient();
        _open.TryAdd(near, 0);
        _open.TryAdd(far, 0);
        try
        {
            if (_server is not { } server)
            {
                return;
            }

            await far.ConnectAsync(server.Host, server.Port, _ended.Token);
            await Task.WhenAny(
                near.GetStream().CopyToAsync(far.GetStream(), _ended.Token),
                far.GetStream().CopyToAsync(near.GetStream(), _ended.Token));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or one side is gone.
        }
        finally
        {
            _open.TryRemove(near, out _);
            _open.TryRemove(far, out _);
        }
    }
}
