using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace BlazorBlog.Hosting;

/// <summary>The form of a request with every field cleaned by <see cref="TypedText.Clean"/>, for all who read it.</summary>
internal sealed class TypedForm(HttpRequest request, IFormFeature inner) : IFormFeature
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private IFormCollection? _cleaned;

    public bool HasFormContentType => inner.HasFormContentType;

    public IFormCollection? Form
    {
        get => _cleaned;
        set => _cleaned = value;
    }

    public static void Use(HttpContext context)
    {
        var inner = context.Features.Get<IFormFeature>()
            ?? new FormFeature(context.Request, context.RequestServices.GetRequiredService<IOptions<FormOptions>>().Value);
        context.Features.Set<IFormFeature>(new TypedForm(context.Request, inner));
    }

    public IFormCollection ReadForm()
    {
        TakeBody();
        return _cleaned ??= Clean(inner.ReadForm());
    }

    public async Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken)
    {
        TakeBody();
        return _cleaned ??= Clean(await inner.ReadFormAsync(cancellationToken));
    }

    /// <summary>The framework gives up a whole form for one <c>%00</c> in it.</summary>
    private void TakeBody()
    {
        if (_cleaned is null && request.Body is not NullEscapes && request.ContentType?.StartsWith(UrlEncoded, StringComparison.OrdinalIgnoreCase) == true)
        {
            request.Body = new NullEscapes(request.Body);
        }
    }

    private static FormCollection Clean(IFormCollection form) => new(
        form.ToDictionary(field => field.Key, field => new StringValues([.. field.Value.Select(value => TypedText.Clean(value ?? ""))]), StringComparer.OrdinalIgnoreCase),
        form.Files);

    /// <summary>Reads <c>%00</c> as <c>%01</c>, a control character that no field keeps; the length stays what the request says.</summary>
    private sealed class NullEscapes(Stream body) : Stream
    {
        private const string Escape = "%00";

        /// <summary>How much of <see cref="Escape"/> was read last; it may stand across two reads.</summary>
        private int _matched;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await body.ReadAsync(buffer, cancellationToken);
            Replace(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = body.Read(buffer, offset, count);
            Replace(buffer.AsSpan(offset, read));
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private void Replace(Span<byte> bytes)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                _matched = bytes[i] == Escape[_matched] ? _matched + 1 : bytes[i] == '%' ? 1 : 0;
                if (_matched == Escape.Length)
                {
                    bytes[i] = (byte)'1';
                    _matched = 0;
                }
            }
        }
    }
}
