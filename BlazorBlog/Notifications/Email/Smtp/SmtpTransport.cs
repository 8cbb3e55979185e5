using BlazorBlog.Notifications.Deliveries;
using MimeKit;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>
/// Sends over up to <c>connections</c> connections that stay open while there is mail, and for some seconds after. A caller beyond
/// that number waits for a free one.
/// </summary>
public sealed class SmtpTransport : IEmailTransport, IAsyncDisposable
{
    // Servers close idle connections themselves after some minutes; a relay's slots are limited, and a new handshake is cheap.
    private static readonly TimeSpan DefaultIdleLimit = TimeSpan.FromSeconds(10);

    private readonly SmtpEndpoint _endpoint;
    private readonly OAuthTokenSource? _tokens;
    private readonly TimeProvider _time;
    private readonly TimeSpan _idleLimit;
    private readonly SemaphoreSlim _turns;
    private readonly ITimer _sweeper;
    private readonly Lock _gate = new();

    // Last in, first out: surplus connections stay at the bottom until they are idle long enough to be closed.
    private readonly List<IdleSession> _idle = [];
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

        using var mail = MimeComposer.Compose(message, envelope);
        await _turns.WaitAsync(cancellationToken);
        try
        {
            using var deadline = new CancellationTokenSource(_endpoint.MailTimeout, _time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            return await SendOverUsedAsync(envelope, mail, limit.Token, cancellationToken)
                ?? await SendOverNewAsync(envelope, mail, limit.Token, cancellationToken);
        }
        catch (SendFailedException exception)
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
    private async Task<SendResult?> SendOverUsedAsync(EmailEnvelope envelope, MimeMessage mail, CancellationToken limit, CancellationToken cancellationToken) =>
        TakeIdle() is { } used ? await SendAsync(used, envelope, mail, limit, cancellationToken) : null;

    private async Task<SendResult> SendOverNewAsync(EmailEnvelope envelope, MimeMessage mail, CancellationToken limit, CancellationToken cancellationToken) =>
        await SendAsync(await OpenAsync(limit, cancellationToken), envelope, mail, limit, cancellationToken)
        ?? throw new InvalidOperationException("A connection that served no mail cannot have grown old.");

    private async Task<SendResult?> SendAsync(SmtpSession session, EmailEnvelope envelope, MimeMessage mail, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await session.HandOverAsync(envelope, mail, limit, cancellationToken);
        }
        finally
        {
            PutBack(session);
        }
    }

    private async Task<SmtpSession> OpenAsync(CancellationToken limit, CancellationToken cancellationToken)
    {
        if (_tokens is null)
        {
            return await SmtpSession.OpenAsync(_endpoint, null, limit, cancellationToken);
        }

        var token = await _tokens.GetAsync(cancellationToken);
        try
        {
            return await SmtpSession.OpenAsync(_endpoint, token, limit, cancellationToken);
        }
        catch (SendFailedException exception) when (exception.Result.Fault == ChannelFault.Authentication)
        {
            // A token can be revoked before it expires: retry with a new one, once only.
            token = await _tokens.RenewAsync(token, cancellationToken);
            return await SmtpSession.OpenAsync(_endpoint, token, limit, cancellationToken);
        }
    }

    private SmtpSession? TakeIdle()
    {
        lock (_gate)
        {
            while (_idle.Count > 0)
            {
                var session = _idle[^1].Session;
                _idle.RemoveAt(_idle.Count - 1);
                if (session.IsStillOpen())
                {
                    return session;
                }

                session.Dispose();
            }
        }

        return null;
    }

    private void PutBack(SmtpSession session)
    {
        lock (_gate)
        {
            if (session.IsUsable && !_disposed)
            {
                _idle.Add(new IdleSession(session, _time.GetTimestamp()));
                return;
            }
        }

        session.Dispose();
    }

    private async Task CloseIdleAsync(TimeSpan atLeast)
    {
        List<SmtpSession> old;
        lock (_gate)
        {
            old = [.. _idle.Where(idle => _time.GetElapsedTime(idle.Since) >= atLeast).Select(idle => idle.Session)];
            _idle.RemoveAll(idle => old.Contains(idle.Session));
        }

        await Task.WhenAll(old.Select(session => session.QuitAsync()));
    }

    private readonly record struct IdleSession(SmtpSession Session, long Since);
}
