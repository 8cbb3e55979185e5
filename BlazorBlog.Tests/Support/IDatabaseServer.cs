namespace BlazorBlog.Support;

/// <summary>
/// Gives each test a database of its own. Test classes for any database are abstract and take one; a sealed class per database runs the
/// same tests on it.
/// </summary>
public interface IDatabaseServer
{
    /// <summary>An empty database.</summary>
    Task<BlogDatabase> CreateAsync();

    /// <summary>A database with the whole schema: a copy of one that the program's migrations made.</summary>
    Task<BlogDatabase> CreateMigratedAsync();
}
