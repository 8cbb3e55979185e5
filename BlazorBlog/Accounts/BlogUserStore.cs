using BlazorBlog.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace BlazorBlog.Accounts;

/// <summary>Identity's own store on our database: what it saves takes its turn with all other writers.</summary>
internal sealed class BlogUserStore(BlogDbContext db, WriteGate gate, IdentityErrorDescriber errors)
    : UserStore<BlogUser, IdentityRole<Guid>, BlogDbContext, Guid>(db, errors)
{
    public override async Task<IdentityResult> CreateAsync(BlogUser user, CancellationToken cancellationToken = default)
    {
        Context.UserRoles.Add(new() { UserId = user.Id, RoleId = Accounts.Roles.IdOf(Accounts.Roles.Reader) });
        using var turn = await gate.EnterAsync(cancellationToken);
        return await base.CreateAsync(user, cancellationToken);
    }

    public override async Task<IdentityResult> UpdateAsync(BlogUser user, CancellationToken cancellationToken = default)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        return await base.UpdateAsync(user, cancellationToken);
    }

    public override async Task<IdentityResult> DeleteAsync(BlogUser user, CancellationToken cancellationToken = default)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        return await base.DeleteAsync(user, cancellationToken);
    }
}
