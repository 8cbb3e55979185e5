using BlazorBlog.Hosting;

namespace BlazorBlog.Accounts.External;

/// <summary>Providers at which people may sign in; each is offered once it has a client id.</summary>
public sealed class ExternalSettings : ISettings
{
    public ExternalClient GitHub { get; set; } = new();

    public ExternalClient Google { get; set; } = new();

    public ExternalClient Naver { get; set; } = new();

    public ExternalClient Kakao { get; set; } = new();

    internal IEnumerable<(ExternalProvider Provider, ExternalClient Client)> Configured =>
        new[] { (ExternalProvider.GitHub, GitHub), (ExternalProvider.Google, Google), (ExternalProvider.Naver, Naver), (ExternalProvider.Kakao, Kakao) }
            .Where(entry => entry.Item2.ClientId is not null);

    public IEnumerable<string> Validate(string section)
    {
        foreach (var (provider, client) in Configured)
        {
            // Kakao issues keys without a secret, unless one is asked for.
            if (client.ClientSecret is null && provider != ExternalProvider.Kakao)
            {
                yield return $"{section}:{provider.Name}:ClientSecret: is missing.";
            }
        }
    }
}

public sealed class ExternalClient
{
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>Stands in for the provider's own hosts: a company's GitHub, or a stand-in while testing.</summary>
    public Uri? BaseUrl { get; set; }
}
