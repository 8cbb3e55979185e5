using System.Net;
using BlazorBlog.Accounts;

namespace BlazorBlog.Comments;

/// <summary>Who a request comes from: the account that is signed in, and what the browser said before as a guest.</summary>
public sealed class RequestAuthors(GuestCookie cookie)
{
    public CommentAuthor Read(HttpContext http) => new(http.User.UserId(), cookie.Read(http.Request))
    {
        IsStaff = Account(http)?.IsStaff == true,
        Network = http.Connection.RemoteIpAddress ?? IPAddress.None,
    };

    /// <returns>Null when the user is not signed in.</returns>
    public static WritingAccount? Account(HttpContext http) => http.User.UserId() is { } id
        ? new WritingAccount(id, http.User.DisplayName(), Policies.Allows(Policies.SeeAdmin, http.User.RoleNames()))
        : null;
}
