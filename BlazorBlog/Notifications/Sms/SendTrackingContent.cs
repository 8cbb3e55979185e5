using System.Net;

namespace BlazorBlog.Notifications.Sms;

/// <summary>
/// A body that remembers whether the connection began to take it. This is the line between "was not sent" and "may have arrived" that
/// exceptions of <see cref="HttpClient"/> do not draw for timeouts and cancellation.
/// </summary>
internal sealed class SendTrackingContent : HttpContent
{
    private readonly HttpContent _body;
    private volatile bool _begun;

    public SendTrackingContent(HttpContent body)
    {
        _body = body;
        foreach (var (name, values) in body.Headers)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    public bool Begun => _begun;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begun = true;
        return _body.CopyToAsync(stream, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
        }

        base.Dispose(disposing);
    }
}
