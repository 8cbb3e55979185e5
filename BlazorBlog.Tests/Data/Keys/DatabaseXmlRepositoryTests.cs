using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlazorBlog.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Keys;

public abstract class DatabaseXmlRepositoryTests(IDatabaseServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task What_one_node_protects_another_reads_and_so_does_the_next_start()
    {
        var secret = Protector(Blog).Protect("guest 1");

        Assert.Equal("guest 1", Protector(OpenNode()).Unprotect(secret));

        await using var db = Blog.OpenContext();
        Assert.Equal(1, await db.DataProtectionKeys.CountAsync(Cancel));
    }

    [Fact]
    public async Task Nodes_that_start_at_once_read_each_other()
    {
        DatabaseBlog[] nodes = [Blog, OpenNode(), OpenNode()];

        var secrets = await Task.WhenAll(nodes.Select(node => Task.Run(() => Protector(node).Protect("guest 1"), Cancel)));

        foreach (var node in nodes)
        {
            Assert.All(secrets, secret => Assert.Equal("guest 1", Protector(node).Unprotect(secret)));
        }
    }

    [Fact]
    public async Task With_a_certificate_the_keys_are_not_readable_in_the_database_and_a_later_one_reads_them_too()
    {
        using var folder = new TemporaryDirectory();
        var (first, second) = (WriteCertificate(folder.File("first.pem")), WriteCertificate(folder.File("second.pem")));
        var secret = Protector(OpenNode(settings: ("Database:KeyCertificates", first))).Protect("guest 1");

        await using var db = Blog.OpenContext();
        var xml = Assert.Single(await db.DataProtectionKeys.ToListAsync(Cancel)).Xml;
        Assert.Contains("<EncryptedData", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", xml, StringComparison.Ordinal);
        Assert.Equal("guest 1", Protector(OpenNode(settings: ("Database:KeyCertificates", $"{second},{first}"))).Unprotect(secret));
        Assert.Throws<CryptographicException>(() => Protector(OpenNode(settings: ("Database:KeyCertificates", second))).Unprotect(secret));
    }

    private static string WriteCertificate(string file)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=Keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return file;
    }

    private static IDataProtector Protector(DatabaseBlog node) => node.Get<IDataProtectionProvider>().CreateProtector("test");
}

public sealed class SqliteDatabaseXmlRepositoryTests(SqliteFiles files) : DatabaseXmlRepositoryTests(files);

public sealed class PostgreSqlDatabaseXmlRepositoryTests(PostgreSqlServer server) : DatabaseXmlRepositoryTests(server);
