using System.Globalization;
using BlazorBlog.Hosting;
using Microsoft.AspNetCore.DataProtection;

namespace BlazorBlog.Comments.Posting;

/// <summary>The time a form's page was made, in a spelling that only this blog can write. It belongs to the page, not to a visitor.</summary>
public sealed class FormTime(IDataProtectionProvider protection, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector("BlazorBlog.FormTime.v1");

    public string Now() => _protector.Protect(time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    /// <returns>Null for anything that this blog did not write.</returns>
    public DateTimeOffset? Read(string value) => long.TryParse(_protector.TryUnprotect(value), CultureInfo.InvariantCulture, out var milliseconds)
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : null;
}
