using BlazorBlog.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts;

/// <summary>What people call the roles.</summary>
internal static class RoleNames
{
    public static string Of(string role, IStringLocalizer<Texts> texts) => role switch
    {
        Roles.Author => texts["Author"],
        Roles.Moderator => texts["Moderator"],
        Roles.Administrator => texts["Administrator"],
        _ => texts["Reader"],
    };
}
