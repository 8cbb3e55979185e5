using BlazorBlog.Data;

namespace BlazorBlog.Support;

/// <summary>A database of one test.</summary>
/// <param name="Provider">Value of <c>Database:Provider</c>.</param>
/// <param name="ConnectionString">Value of <c>ConnectionStrings:Blog</c>.</param>
public sealed record BlogDatabase(DatabaseProvider Provider, string ConnectionString)
{
    /// <summary>The configuration of a blog that uses it.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Database:Provider"] = Provider.ToString(),
        ["ConnectionStrings:Blog"] = ConnectionString,
    };
}
