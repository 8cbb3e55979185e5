using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Hosting;

internal static class ProtectedText
{
    /// <returns>Null for a text that was not protected here, or for something else, or too long ago.</returns>
    public static string? TryUnprotect(this IDataProtector protector, string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : protector.Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
