using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace BlazorBlog.Support;

/// <summary>
/// bUnit asks for version 1.0.0.0 of AngleSharp.Diffing; 0.17.0, which the test project references, answers all it calls, but the
/// loader refuses an older version by itself.
/// </summary>
internal static class AngleSharpDiffing
{
    [ModuleInitializer]
    internal static void AnswerFromTheTestFolder() =>
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
            : null;
}
