using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorBlog.Components;

public partial class PageResult
{
    /// <summary>The page as the answer of an endpoint.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="content">Component between header and footer.</param>
    /// <param name="parameters">Its parameters.</param>
    public static RazorComponentResult Result(int status, Type content, IDictionary<string, object> parameters) =>
        new(typeof(PageResult), new Dictionary<string, object?> { [nameof(Content)] = content, [nameof(Parameters)] = parameters })
        {
            StatusCode = status,
        };
}
