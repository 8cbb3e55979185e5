namespace BlazorBlog.Hosting;

/// <summary>The configuration is wrong; the message lists every wrong key, one a line.</summary>
public sealed class SettingsException(IReadOnlyCollection<string> errors)
    : Exception("The configuration is wrong:" + string.Concat(errors.Select(error => Environment.NewLine + "  " + error)))
{
    public IReadOnlyCollection<string> Errors { get; } = errors;
}
