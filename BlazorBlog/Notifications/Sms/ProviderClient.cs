using System.Net.Http.Headers;
using BlazorBlog.Notifications.Deliveries;

namespace BlazorBlog.Notifications.Sms;

/// <summary>
/// Calls a provider over HTTP and turns what the network does into a <see cref="SendResult"/>. It owns its handler instead of using
/// <see cref="IHttpClientFactory"/>, whose loggers would write addresses with telephone numbers in them.
/// </summary>
internal sealed class ProviderClient(TimeProvider time, TimeSpan timeout) : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(CreateHandler()) { Timeout = timeout, MaxResponseContentBufferSize = ProviderResponse.MaxBytes };

    /// <summary>Connections to one provider; redirects are answers like any other.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Below the idle limit of common load balancers: a connection they closed while we write costs an unknown outcome.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        ConnectTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>What is wrong with a provider's address, or null. Credentials go in clear only to this machine.</summary>
    public static string? AddressError(Uri address) => address switch
    {
        { Query.Length: > 0 } or { Fragment.Length: > 0 } => "must have neither a query nor a fragment.",
        { UserInfo.Length: > 0 } => "must not contain credentials.",
        { Scheme: not "https", IsLoopback: false } => "must be https, except on this machine: it gets the account's secret.",
        _ => null,
    };

    /// <summary>The result of a message whose call ended without an answer.</summary>
    /// <param name="handedOver">Whether the connection began to take the message.</param>
    /// <param name="exception">How the call ended.</param>
    public static SendResult NoAnswer(bool handedOver, Exception exception) => handedOver
        ? SendResult.Unknown("no answer", $"The connection was lost after the message was handed over ({Reason(exception)}).")
        : SendResult.ChannelDown(ChannelFault.Connection, "no connection", $"The provider cannot be reached ({Reason(exception)}).");

    /// <summary>The provider's answer, or how the call failed. Exactly one of the two is not null.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the provider can have received the message.</exception>
    public async Task<(ProviderResponse? Response, SendResult? Failure)> PostAsync(Uri address, AuthenticationHeaderValue authorization, HttpContent body, CancellationToken cancellationToken)
    {
        var content = new SendTrackingContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content, Headers = { Authorization = authorization } };
        try
        {
            return (await AskAsync(request, cancellationToken), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !content.Begun)
        {
            throw;
        }
        catch (Exception exception) when (content.Begun || exception is HttpRequestException or OperationCanceledException)
        {
            return (null, NoAnswer(content.Begun, exception));
        }
    }

    /// <summary>The provider's answer to a question that changes nothing; null when there is none.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ProviderResponse?> GetAsync(Uri address, AuthenticationHeaderValue authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = authorization } };
        try
        {
            return await AskAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ProviderResponse> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        return await ProviderResponse.ReadAsync(response, time, cancellationToken);
    }

    // Messages of these exceptions name hosts and ports, never the query or the body; of any other, the kind alone is told.
    private static string Reason(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => error.ToString(),
        HttpRequestException => exception.Message,
        OperationCanceledException => "no answer in time",
        _ => exception.GetType().Name,
    };
}
