using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlazorBlog.Data.Keys;

/// <summary>A certificate that encrypts the Data Protection keys in the database.</summary>
internal static class KeyCertificate
{
    /// <param name="file">PEM with the certificate and its private key.</param>
    /// <exception cref="CryptographicException">It holds no such pair, or the key is not RSA: XML encryption knows no other.</exception>
    public static X509Certificate2 Read(string file)
    {
        var certificate = X509Certificate2.CreateFromPemFile(file);
        using var key = certificate.GetRSAPrivateKey();
        return key is null ? throw new CryptographicException("Not RSA.") : certificate;
    }
}
