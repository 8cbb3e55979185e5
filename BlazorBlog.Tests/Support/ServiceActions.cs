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

    /// <summary>Does what a moderator does.</summary>
    public static async Task<bool> ModerateAsync(this DatabaseBlog node, Func<ModeratorActions, Task<bool>> act) =>
        await act(await ModeratorActions.OfAsync(node.Services));

    /// <inheritdoc cref="ModerateAsync(DatabaseBlog, Func{ModeratorActions, Task{bool}})"/>
    public static async Task<bool> ModerateAsync(this TestBlog blog, Func<ModeratorActions, Task<bool>> act) =>
        await act(await ModeratorActions.OfAsync(blog.Services));

    public static async Task MustModerateAsync(this DatabaseBlog node, Func<ModeratorActions, Task<bool>> act) => Assert.True(await node.ModerateAsync(act));
}
