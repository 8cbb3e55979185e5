using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlazorBlog.Support;

/// <summary>A private certificate authority for servers of tests, made in memory.</summary>
public sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NotAfter = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<X509Certificate2> _issued = [];

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        Authority = request.CreateSelfSigned(NotBefore, NotAfter);
    }

    public X509Certificate2 Authority { get; }

    /// <summary>What <c>Email:CaFile</c> holds.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    public X509Certificate2Collection Authorities => [Authority];

    /// <summary>A server certificate for a host name or an IP address.</summary>
    public X509Certificate2 Issue(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.Create(Authority, NotBefore, NotAfter, Guid.NewGuid().ToByteArray());
        var issued = certificate.CopyWithPrivateKey(key);
        _issued.Add(issued);
        return issued;
    }

    public void Dispose()
    {
        _issued.ForEach(certificate => certificate.Dispose());
        Authority.Dispose();
    }
}
