using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Data.Keys;

/// <summary>Keeps the Data Protection keys in the database: every node reads the cookies and islands of every other, also after a restart.</summary>
internal sealed class DatabaseXmlRepository(IDbContextFactory<BlogDbContext> contexts, WriteGate gate) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.DataProtectionKeys.AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        // The interface is synchronous; a new key is made once in ninety days.
        using var turn = gate.EnterAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        using var db = contexts.CreateDbContext();
        db.DataProtectionKeys.Add(new DataProtectionKey
        {
            FriendlyName = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
        });
        db.SaveChanges();
    }
}
