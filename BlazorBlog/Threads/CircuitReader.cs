using BlazorBlog.Accounts;
using BlazorBlog.Comments;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorBlog.Threads;

/// <summary>The reader of a circuit, and whether its browser is connected.</summary>
internal sealed class CircuitReader(IHttpContextAccessor accessor, GuestCookie cookie, ReaderToken tokens) : CircuitHandler
{
    private Guid? _guestId;
    private Guid? _userId;

    public event Action? Changed;

    public bool IsConnected { get; private set; }

    /// <summary>The person as the ledger names them; null while nothing is known.</summary>
    public string? Key => new CommentAuthor(_userId, _guestId).Key;

    /// <summary>The reader became known after the window was opened.</summary>
    public void Introduce(string token) => _guestId = tokens.Read(token) ?? _guestId;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // Of the request that opened the socket; anywhere else in a circuit it must not be used.
        if (accessor.HttpContext is { } http)
        {
            _guestId ??= cookie.Read(http.Request);
            _userId ??= http.User.UserId();
        }

        return ConnectAsync(true);
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => ConnectAsync(false);

    private Task ConnectAsync(bool connected)
    {
        IsConnected = connected;
        Changed?.Invoke();
        return Task.CompletedTask;
    }
}
