using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace BlazorBlog.Accounts;

/// <summary>Lets the one table of <see cref="Policies"/> decide for pages and endpoints too.</summary>
internal sealed class PolicyHandler(AccessControl access) : AuthorizationHandler<PolicyRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PolicyRequirement requirement)
    {
        if (context.User.Identity?.IsAuthenticated == true && access.AllowsFresh(context.User, requirement.Policy))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

internal sealed record PolicyRequirement(string Policy) : IAuthorizationRequirement;

/// <summary>Redirects a user who only lacks the second factor to its setup page instead of refusing access.</summary>
internal sealed class SecondFactorRedirect(AccessControl access) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result)
    {
        if (result.Forbidden && HttpMethods.IsGet(context.Request.Method)
            && policy.Requirements.OfType<PolicyRequirement>().Any(requirement => access.LacksSecondFactor(context.User, requirement.Policy)))
        {
            context.Response.Redirect(LocalUrl.With("/account/two-factor", context.Request.Path + context.Request.QueryString));
            return Task.CompletedTask;
        }

        return _usual.HandleAsync(next, context, policy, result);
    }
}
