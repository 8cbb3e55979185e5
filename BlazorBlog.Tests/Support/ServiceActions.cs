using Microsoft.Extensions.DependencyInjection;

namespace BlazorBlog.Support;

/// <summary>What moderators and others do through the service on a node.</summary>
internal static class ServiceActions
{
    public static async Task<T> UseAsync<T>(this DatabaseBlog node, Func<BlogService, Task<T>> use)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<BlogService>());
    }

    public static async Task MustAsync(this DatabaseBlog node, Func<BlogService, Task<bool>> act) => Assert.True(await node.UseAsync(act));
}
