using BlazorBlog.Components;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts;

/// <summary>What an account may be besides a reader. <see cref="Policies"/> says what each may do.</summary>
public static class Roles
{
    /// <summary>Every account.</summary>
    public const string Reader = "Reader";

    /// <summary>Writes posts.</summary>
    public const string Author = "Author";

    /// <summary>Looks after comments.</summary>
    public const string Moderator = "Moderator";

    /// <summary>May do everything.</summary>
    public const string Administrator = "Administrator";

    public static readonly IReadOnlyList<string> All = [Reader, Author, Moderator, Administrator];

    /// <summary>The same in every database.</summary>
    internal static Guid IdOf(string role) => role switch
    {
        Reader => new Guid("0199e0a0-0000-7000-8000-000000000001"),
        Author => new Guid("0199e0a0-0000-7000-8000-000000000002"),
        Moderator => new Guid("0199e0a0-0000-7000-8000-000000000003"),
        Administrator => new Guid("0199e0a0-0000-7000-8000-000000000004"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };
}

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
