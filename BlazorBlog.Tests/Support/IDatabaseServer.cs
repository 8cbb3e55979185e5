namespace BlazorBlog.Support;

/// <summary>
/// Gives each test a database of its own. Test classes for any database are abstract and take one; a sealed class per database runs the
/// same tests on it.
/// </summary>
public interface IDatabaseServer
{
    Task<BlogDatabase> CreateAsync();
}
