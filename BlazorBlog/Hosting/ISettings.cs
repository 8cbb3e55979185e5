namespace BlazorBlog.Hosting;

/// <summary>A section of the configuration that can say what is wrong with itself.</summary>
public interface ISettings
{
    /// <summary>Errors that concern several keys, or a rule beyond the type of one. Each names its key below <paramref name="section"/>.</summary>
    IEnumerable<string> Validate(string section);
}
