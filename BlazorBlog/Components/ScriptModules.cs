using System.Security.Cryptography;
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

    private readonly string _version;
    private readonly bool _mayBeKept;

    public ScriptModules(IWebHostEnvironment environment)
    {
        var files = environment.WebRootFileProvider.GetDirectoryContents(Folder)
            .Where(file => file.Name.EndsWith(".js", StringComparison.Ordinal)).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Read(file));
        }

        _version = Convert.ToHexStringLower(hash.GetHashAndReset())[..10];
        // In development the files change while the program runs, and the version computed at start no longer identifies them.
        _mayBeKept = !environment.IsDevelopment();
        Addresses = [.. files.Select(file => Address(file.Name))];
    }

    /// <summary>Every module, for the browser to fetch at once: an import is found only when the module that names it has come.</summary>
    public IReadOnlyList<string> Addresses { get; }

    public string Address(string module) => $"/{Folder}/{_version}/{module}";

    /// <summary>Maps an address with any version to the file. A version of another node is not cached: nodes may be updated one by one.</summary>
    internal void Find(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments($"/{Folder}", out var rest) || rest.Value?.Split('/') is not ["", var version, var module])
        {
            return;
        }

        context.Request.Path = $"/{Folder}/{module}";
        if (version == _version && _mayBeKept)
        {
            context.Response.OnStarting(static state =>
            {
                var response = (HttpResponse)state;
                if (response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                {
                    response.Headers[HeaderNames.CacheControl] = $"public, max-age={Year.TotalSeconds:F0}, immutable";
                }

                return Task.CompletedTask;
            }, context.Response);
        }
    }

    private static byte[] Read(IFileInfo file)
    {
        using var content = new MemoryStream();
        using var stream = file.CreateReadStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
