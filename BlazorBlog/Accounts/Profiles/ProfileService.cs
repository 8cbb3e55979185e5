using System.Security.Claims;
using BlazorBlog.Comments;
using BlazorBlog.Components;
using BlazorBlog.Data;
using BlazorBlog.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BlazorBlog.Accounts.Profiles;

/// <summary>How people appear to others, and what they may do here. Each method asks anew who calls.</summary>
public sealed class ProfileService(
    IDbContextFactory<BlogDbContext> contexts, UnitOfWork work, AccessControl access, IStringLocalizer<Texts> texts) : IDisposable
{
    /// <summary>A large picture takes 200 MB while it is decoded.</summary>
    private readonly SemaphoreSlim _decoding = new(1, 1);

    public void Dispose() => _decoding.Dispose();

    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<ProfileView> ReadAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().SingleAsync(user => user.Id == account.UserId, cancellationToken);
        return new ProfileView(user.DisplayName, user.Email ?? "", user.Culture, user.TimeZone, user.AvatarId, account.Roles);
    }

    /// <summary>Changes name, language and zone. Comments show the new name at once.</summary>
    /// <returns>One message per field that is wrong; empty when it is saved.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<Dictionary<string, string>> ChangeAsync(ClaimsPrincipal actor, string name, string culture, string zone, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        var errors = new Dictionary<string, string>();
        var clean = PersonName.Clean(name);
        if (PersonName.Problem(clean, texts) is { } problem)
        {
            errors["Name"] = problem;
        }

        SiteCulture? language = Enum.TryParse<SiteCulture>(culture, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        if (culture.Length > 0 && language is null)
        {
            errors["Culture"] = texts["This language is not spoken here."];
        }

        if (zone.Length > 0 && (zone.Length > BlogUser.MaxZoneLength || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)))
        {
            errors["TimeZone"] = texts["This time zone is not known. Choose one such as Asia/Seoul."];
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        await work.RunAsync(async db =>
        {
            var user = await db.Users.SingleAsync(user => user.Id == account.UserId, cancellationToken);
            if (user.DisplayName != clean)
            {
                await CommentChanges.ChangeAllAsync(
                    db, db.Comments.Where(comment => comment.UserId == user.Id), (comment, number) => comment.AssignTo(user.Id, clean, number), cancellationToken);
            }

            (user.DisplayName, user.Culture, user.TimeZone) = (clean, language, zone.Length == 0 ? null : zone);
        }, cancellationToken);
        return errors;
    }

    /// <summary>Shows a picture in the place of initials.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="upload">As it came, at most <see cref="AvatarImage.MaxBytes"/> and one more are read.</param>
    /// <param name="cancellationToken">Stops before the save.</param>
    /// <returns>What is wrong with it, or null.</returns>
    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task<string?> ChangePictureAsync(ClaimsPrincipal actor, Stream upload, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        var bytes = await ReadAsync(upload, cancellationToken);
        await _decoding.WaitAsync(cancellationToken);
        byte[]? picture;
        AvatarProblem? problem;
        try
        {
            AvatarImage.TryNormalize(bytes, out picture, out problem);
        }
        finally
        {
            _decoding.Release();
        }

        if (picture is null)
        {
            return problem switch
            {
                AvatarProblem.TooLarge => texts["The picture is too large; at most {0} MB are allowed.", AvatarImage.MaxBytes / (1024 * 1024)],
                AvatarProblem.TooManyPixels => texts["The picture has too many pixels. Make it smaller, and try again."],
                _ => texts["This file is no picture that can be shown here. Choose a PNG, JPEG, GIF or WebP file."],
            };
        }

        await ReplacePictureAsync(account.UserId, new Avatar { UserId = account.UserId, Bytes = picture }, cancellationToken);
        return null;
    }

    /// <exception cref="AccessDeniedException">The actor is not signed in any more.</exception>
    public async Task RemovePictureAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var account = await access.DemandAsync(actor, Policies.SignedIn, cancellationToken);
        await ReplacePictureAsync(account.UserId, null, cancellationToken);
    }

    /// <returns>The picture of an id, or null.</returns>
    public async Task<byte[]?> FindPictureAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Avatars.Where(avatar => avatar.Id == id).Select(avatar => avatar.Bytes).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Gives an account a role, or takes it; live pages of that account know it at their next action.</summary>
    /// <returns>Null when it is done, else why not.</returns>
    /// <exception cref="AccessDeniedException">The actor is no administrator.</exception>
    public async Task<string?> SetRoleAsync(ClaimsPrincipal actor, Guid userId, string role, bool held, CancellationToken cancellationToken)
    {
        await access.DemandAsync(actor, Policies.Administer, cancellationToken);
        var roleId = Roles.IdOf(role);
        return await work.RunAsync<string?>(async db =>
        {
            await Administrators.LockAsync(db, cancellationToken);
            var known = await db.UserRoles.SingleOrDefaultAsync(row => row.UserId == userId && row.RoleId == roleId, cancellationToken);
            if (known is null == !held || !await db.Users.AnyAsync(user => user.Id == userId, cancellationToken))
            {
                return null;
            }

            if (known is null)
            {
                db.UserRoles.Add(new() { UserId = userId, RoleId = roleId });
            }
            else if (role == Roles.Administrator && !await Administrators.AnyButAsync(db, userId, cancellationToken))
            {
                return texts["The blog needs an administrator; make somebody else one first."];
            }
            else
            {
                db.UserRoles.Remove(known);
            }

            return null;
        }, cancellationToken);
    }

    private Task ReplacePictureAsync(Guid userId, Avatar? picture, CancellationToken cancellationToken) => work.RunAsync(async db =>
    {
        await CommentChanges.ChangeAllAsync(
            db, db.Comments.Where(comment => comment.UserId == userId), (comment, number) => comment.AssignTo(userId, comment.AuthorName, number), cancellationToken);
        db.Avatars.RemoveRange(await db.Avatars.Where(avatar => avatar.UserId == userId).ToListAsync(cancellationToken));
        if (picture is not null)
        {
            db.Avatars.Add(picture);
        }

        (await db.Users.SingleAsync(user => user.Id == userId, cancellationToken)).AvatarId = picture?.Id;
    }, cancellationToken);

    private static async Task<byte[]> ReadAsync(Stream upload, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81_920];
        while (bytes.Length <= AvatarImage.MaxBytes && await upload.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}

/// <summary>What a person shows of themselves.</summary>
/// <param name="DisplayName">As others see it.</param>
/// <param name="Email">Theirs alone to see.</param>
/// <param name="Culture">Of mail and messages; null for the site's.</param>
/// <param name="TimeZone">IANA zone; null for the site's.</param>
/// <param name="AvatarId">The picture, or null.</param>
/// <param name="Roles">In order of their names.</param>
public sealed record ProfileView(
    string DisplayName, string Email, SiteCulture? Culture, string? TimeZone, Guid? AvatarId, IReadOnlyList<string> Roles);
