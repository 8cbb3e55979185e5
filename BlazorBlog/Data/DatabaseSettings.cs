using System.Security.Cryptography;
using BlazorBlog.Data.Keys;
using BlazorBlog.Hosting;

namespace BlazorBlog.Data;

public enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

public sealed class DatabaseSettings : ISettings
{
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>
    /// PEM files, each of a certificate with its RSA key. The first encrypts new Data Protection keys, each decrypts what it has encrypted. Without one, who
    /// reads the database can write the cookie of any sign-in.
    /// </summary>
    public IReadOnlyList<string> KeyCertificates { get; set; } = [];

    public IEnumerable<string> Validate(string section)
    {
        foreach (var file in KeyCertificates)
        {
            string? error = null;
            try
            {
                using var certificate = KeyCertificate.Read(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                error = $"{section}:KeyCertificates: '{file}' holds no certificate with its RSA key in PEM, or cannot be read.";
            }

            if (error is not null)
            {
                yield return error;
            }
        }
    }
}
