namespace BlazorBlog.Notifications.Sms.Twilio;

/// <summary>
/// Stands between Twilio's SDK and the network for one call, and does what the SDK cannot: sends it to the configured host instead of the
/// SDK's own, ends it when the caller cancels, and keeps what the SDK's exceptions do not tell.
/// </summary>
internal sealed class TwilioHandler(HttpMessageHandler connections, Uri baseUrl, TimeProvider time, CancellationToken cancellationToken) : DelegatingHandler(connections)
{
    private SendTrackingContent? _content;

    /// <summary>Whether the connection began to take the message: from then on it may have arrived.</summary>
    public bool HandedOver => _content is { Begun: true };

    /// <summary>The whole answer; null when there was none, or not to its end.</summary>
    public ProviderResponse? Response { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken timeout)
    {
        // The path alone is the SDK's: the account's secret goes to no host that an answer names.
        request.RequestUri = new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + request.RequestUri!.PathAndQuery);
        if (request.Content is { } body)
        {
            request.Content = _content = new SendTrackingContent(body);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout, cancellationToken);
        var response = await base.SendAsync(request, either.Token);
        try
        {
            Response = await ProviderResponse.ReadAsync(response, time, either.Token);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
