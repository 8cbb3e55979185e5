using System.Text;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorBlog.Data.Providers;

/// <summary>
/// PostgreSQL's text holds neither U+0000 (PostgreSQL documentation, 8.3) nor half of a surrogate pair, which UTF-8 cannot say. One such
/// character in the words of a provider must not keep a result out of the ledger, so it is stored as U+FFFD.
/// </summary>
internal sealed class StorableTextConverter() : ValueConverter<string, string>(text => Storable(text), text => text)
{
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
