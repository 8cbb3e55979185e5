namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// Sends over up to <c>connections</c> connections that stay open while there is mail, and for some seconds after. A caller beyond
/// that number waits for a free one.
/// </summary>
public sealed class SmtpTransport : IEmailTransport, IAsyncDisposable
{
    // Servers close idle connections themselves after some minutes; a relay's slots are worth more to others than our handshake to us.
    private static readonly TimeSpan DefaultIdleLimit = TimeSpan.FromSeconds(10);

    private readonly SmtpEndpoint _endpoint;
    private readonly OAuthTokenSource? _tokens;
    private readonly TimeProvider _time;
    private readonly TimeSpan _idleLimit;
    private readonly SemaphoreSlim _turns;
    private readonly ITimer _sweeper;
    private readonly Lock _gate = new();

    // Last in, first out: what is not needed stays at the bottom and grows old.
    private readonly List<IdleConnection> _idle = [];
    private bool _disposed;

    /// <summary>With <paramref name="tokens"/> it authenticates by XOAUTH2, without by the endpoint's password, if there is one.</summary>
    public SmtpTransport(SmtpEndpoint endpoint, int connections, OAuthTokenSource? tokens, TimeProvider time, TimeSpan? idleLimit = null)
    {
        _endpoint = endpoint;
        _tokens = tokens;
        _time = time;
        _idleLimit = idleLimit ?? DefaultIdleLimit;
        _turns = new SemaphoreSlim(connections, connections);
        _sweeper = time.CreateTimer(_ => _ = CloseIdleAsync(_idleLimit), null, _idleLimit / 2, _idleLimit / 2);
    }

    public async Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        if (!EmailEnvelope.TryCreate(message, out var envelope, out var refusal))
        {
            return refusal;
        }

        var content = MimeComposer.Compose(message, envelope);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await SendOverUsedAsync(envelope, content, cancellationToken)
                ?? await SendOverNewAsync(envelope, content, cancellationToken);
        }
        catch (ChannelDownException exception)
        {
            return exception.Result;
        }
        finally
        {
            _turns.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        await _sweeper.DisposeAsync();
        await CloseIdleAsync(TimeSpan.Zero);
    }

    /// <summary>Null when there is no open connection, or the server turned out to have closed it.</summary>
    private async Task<SendResult?> SendOverUsedAsync(EmailEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        TakeIdle() is { } used ? await SendAsync(used, envelope, content, cancellationToken) : null;

    private async Task<SendResult> SendOverNewAsync(EmailEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await SendAsync(await OpenAsync(cancellationToken), envelope, content, cancellationToken)
        ?? throw new InvalidOperationException("A connection that served no mail cannot have grown old.");

    private async Task<SendResult?> SendAsync(SmtpConnection connection, EmailEnvelope envelope, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SendAsync(envelope, content, cancellationToken);
        }
        finally
        {
            PutBack(connection);
        }
    }

    private async Task<SmtpConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_tokens is null)
        {
            return await SmtpConnection.OpenAsync(_endpoint, null, _time, cancellationToken);
        }

        var token = await _tokens.GetAsync(cancellationToken);
        try
        {
            return await SmtpConnection.OpenAsync(_endpoint, token, _time, cancellationToken);
        }
        catch (ChannelDownException exception) when (exception.Result.Fault == ChannelFault.Authentication)
        {
            // Tokens are revoked before their time; once, not in a circle.
            token = await _tokens.RenewAsync(token, cancellationToken);
            return await SmtpConnection.OpenAsync(_endpoint, token, _time, cancellationToken);
        }
    }

    private SmtpConnection? TakeIdle()
    {
        lock (_gate)
        {
            while (_idle.Count > 0)
            {
                var connection = _idle[^1].Connection;
                _idle.RemoveAt(_idle.Count - 1);
                if (connection.IsStillOpen())
                {
                    return connection;
                }

                connection.Dispose();
            }
        }

        return null;
    }

    private void PutBack(SmtpConnection connection)
    {
        lock (_gate)
        {
            if (connection.IsUsable && !_disposed)
            {
                _idle.Add(new IdleConnection(connection, _time.GetTimestamp()));
                return;
            }
        }

        connection.Dispose();
    }

    private async Task CloseIdleAsync(TimeSpan atLeast)
    {
        List<SmtpConnection> old;
        lock (_gate)
        {
            old = [.. _idle.Where(idle => _time.GetElapsedTime(idle.Since) >= atLeast).Select(idle => idle.Connection)];
            _idle.RemoveAll(idle => old.Contains(idle.Connection));
        }

        await Task.WhenAll(old.Select(connection => connection.QuitAsync()));
    }

    private readonly record struct IdleConnection(SmtpConnection Connection, long Since);
}
