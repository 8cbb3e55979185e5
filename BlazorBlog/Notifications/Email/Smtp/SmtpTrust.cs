using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlazorBlog.Notifications.Email.Smtp;

/// <summary>Decides on the server's certificate and remembers why it was refused.</summary>
public sealed class SmtpTrust(X509Certificate2Collection authorities)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Null until a certificate was refused.</summary>
    public string? Refusal { get; private set; }

    /// <summary>A <see cref="RemoteCertificateValidationCallback"/>.</summary>
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        // A private authority mends an unknown root only: the name must be right in every case.
        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 leaf && IsIssuedByOurs(leaf, chain))
        {
            errors = SslPolicyErrors.None;
        }

        Refusal = errors == SslPolicyErrors.None ? null : Describe(chain, errors);
        return Refusal is null;
    }

    private bool IsIssuedByOurs(X509Certificate2 leaf, X509Chain? presented)
    {
        if (authorities.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf);
    }

    private static string Describe(X509Chain? chain, SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "The server shows no certificate."
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "The server's certificate is for another host."
        : $"The server's certificate is not trusted ({string.Join(", ", chain?.ChainStatus.Select(status => status.Status) ?? [])}).";
}
