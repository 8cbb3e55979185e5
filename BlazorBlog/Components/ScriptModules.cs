using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace BlazorBlog.Components;

/// <summary>
/// The script modules in <c>wwwroot/scripts</c>. They import each other by relative address, which has no room for a fingerprint, and an import
/// map would be an inline script, which the policy forbids. So all stand below one folder that is named after the contents of all of them: a
/// browser keeps them for good, and never runs a new one beside an old one.
/// </summary>
public sealed class ScriptModules
{
    private const string Folder = "scripts";

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly Dictionary<string, Module> _modules;
    private readonly string _version;
    private readonly bool _isDevelopment;

    public ScriptModules(IWebHostEnvironment environment)
    {
        // In development the files change while the program runs: they are read again each time, as they are, and nobody keeps them.
        _isDevelopment = environment.IsDevelopment();
        _modules = environment.WebRootFileProvider.GetDirectoryContents(Folder)
            .Where(file => file.Name.EndsWith(".js", StringComparison.Ordinal))
            .ToDictionary(file => file.Name, file => new Module(file, isCompact: !_isDevelopment));
        var names = _modules.Keys.Order(StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        names.ForEach(name => hash.AppendData(_modules[name].Plain));
        _version = Convert.ToHexStringLower(hash.GetHashAndReset())[..10];
        Addresses = [.. names.Select(Address)];
    }

    /// <summary>Every module, for the browser to fetch at once: an import is found only when the module that names it has come.</summary>
    public IReadOnlyList<string> Addresses { get; }

    public string Address(string module) => $"/{Folder}/{_version}/{module}";

    /// <summary>Any version is answered, since nodes may be updated one by one; that of another node is not cached.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet($"/{Folder}/{{version}}/{{module}}", (string version, string module, HttpContext context, ScriptModules scripts) => scripts.Find(version, module, context))
        .AllowAnonymous();

    private IResult Find(string version, string name, HttpContext context)
    {
        if (!_modules.TryGetValue(name, out var module))
        {
            return Results.NotFound();
        }

        var headers = context.Response.Headers;
        headers.CacheControl = version == _version && !_isDevelopment ? $"public, max-age={Year.TotalSeconds:F0}, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding.Where(coding => coding.Quality != 0).Select(coding => coding.Value.Value).ToHashSet();
        var (encoding, content) = _isDevelopment ? (null, new Module(module.File, isCompact: false).Plain) : module.In(accepted);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        return Results.Bytes(content, "text/javascript; charset=utf-8");
    }

    private sealed class Module
    {
        private readonly Lazy<byte[]> _brotli, _gzip;

        public Module(IFileInfo file, bool isCompact)
        {
            File = file;
            using var reader = new StreamReader(file.CreateReadStream());
            var script = reader.ReadToEnd();
            Plain = Encoding.UTF8.GetBytes(isCompact ? Compact(script) : script);
            _brotli = new(() => Compress(stream => new BrotliStream(stream, CompressionLevel.SmallestSize)));
            _gzip = new(() => Compress(stream => new GZipStream(stream, CompressionLevel.SmallestSize)));
        }

        public IFileInfo File { get; }

        public byte[] Plain { get; }

        /// <returns>The smallest encoding among <paramref name="accepted"/> with its name, or null and the plain text.</returns>
        public (string? Encoding, byte[] Content) In(HashSet<string?> accepted) =>
            accepted.Contains("br") ? ("br", _brotli.Value) : accepted.Contains("gzip") ? ("gzip", _gzip.Value) : (null, Plain);

        /// <summary>
        /// Without indentation and without the lines that are comments alone: a fifth of what is sent. Would break a text in backticks
        /// that goes over several lines; the modules have none.
        /// </summary>
        private static string Compact(string script) => string.Join(
            '\n', script.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)));

        private byte[] Compress(Func<Stream, Stream> encode)
        {
            using var compressed = new MemoryStream();
            using (var stream = encode(compressed))
            {
                stream.Write(Plain);
            }

            return compressed.ToArray();
        }
    }
}
