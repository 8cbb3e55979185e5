using BlazorBlog.Hosting;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Threads;

/// <summary>
/// Tells a thread that was opened before its reader was known who reads it. The browser gets it with the answer to a comment and passes it
/// on at once. It identifies a guest for display only; it does not authorise any action as that guest.
/// </summary>
public sealed class ReaderToken(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("BlazorBlog.Reader.v1").ToTimeLimitedDataProtector();

    public string Make(Guid guestId) => _protector.Protect(guestId.ToString("N"), Lifetime);

    /// <returns>Null for a token that this blog did not make, or that is too old.</returns>
    public Guid? Read(string token) => Guid.TryParseExact(_protector.TryUnprotect(token), "N", out var id) ? id : null;
}
