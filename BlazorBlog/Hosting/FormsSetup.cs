using BlazorBlog.Components;
using Microsoft.AspNetCore.Antiforgery;

namespace BlazorBlog.Hosting;

public static class FormsSetup
{
    /// <summary>
    /// Refuses every form whose token is missing or made for another user, before anything of it is read. The usual reason is innocent: in
    /// another tab the person signed in or out meanwhile, and so the answer says what to do.
    /// </summary>
    public static void UseForms(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            TypedForm.Use(context);
            return next(context);
        });
        app.UseAntiforgery();
        app.Use((context, next) => context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
            ? PageResult.Result(StatusCodes.Status400BadRequest, typeof(StaleForm), new Dictionary<string, object>()).ExecuteAsync(context)
            : next(context));
    }
}
