namespace BlazorBlog.Accounts;

/// <summary>
/// Who may do what, in one place: pages and endpoints name one of these, and so do the methods of services that change what others see.
/// Endpoints without a policy refuse every user.
/// </summary>
public static class Policies
{
    /// <summary>Things about one's own account.</summary>
    public const string SignedIn = "SignedIn";

    /// <summary>Write posts.</summary>
    public const string Write = "Write";

    /// <summary>Approve, hide and remove what others said.</summary>
    public const string Moderate = "Moderate";

    /// <summary>See what goes on behind the blog.</summary>
    public const string SeeAdmin = "SeeAdmin";

    /// <summary>Change the blog and its people.</summary>
    public const string Administer = "Administer";

    /// <summary>By policy, the roles it is open to.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Holders = new Dictionary<string, IReadOnlyList<string>>
    {
        [SignedIn] = Roles.All,
        [Write] = [Roles.Author, Roles.Administrator],
        [Moderate] = [Roles.Moderator, Roles.Administrator],
        [SeeAdmin] = [Roles.Author, Roles.Moderator, Roles.Administrator],
        [Administer] = [Roles.Administrator],
    };

    /// <summary>Every account is a reader, whether a row says so or not.</summary>
    /// <param name="policy">One of the names above.</param>
    /// <param name="roles">Of the account.</param>
    public static bool Allows(string policy, IEnumerable<string> roles) =>
        Holders[policy].Contains(Roles.Reader) || roles.Any(Holders[policy].Contains);
}
