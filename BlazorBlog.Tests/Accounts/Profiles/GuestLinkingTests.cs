using BlazorBlog.Comments;
using BlazorBlog.Comments.Editing;
using BlazorBlog.Comments.Posting;
using BlazorBlog.Notifications.Recipients;
using BlazorBlog.Posts;
using BlazorBlog.Support;
using Microsoft.EntityFrameworkCore;

namespace BlazorBlog.Accounts.Profiles;

public abstract class GuestLinkingTests(IDatabaseServer server) : DatabaseTests(server)
{
    private const string Address = "hana@example.com";

    [Fact]
    public async Task What_a_guest_of_the_same_confirmed_address_said_becomes_the_accounts()
    {
        var (one, two) = (await Blog.AddPostAsync("one"), await Blog.AddPostAsync("two"));
        var first = await CommentAsync(one);
        var guest = first.GuestId;
        var second = await CommentAsync(one, guest);
        await CommentAsync(two, guest);
        var strangers = await CommentAsync(two);
        await GiveAddressAsync(guest, "HANA@Example.com", confirmed: true);
        var user = await AddUserAsync();
        var (before, beforeToo) = (await SequenceAsync(one), await SequenceAsync(two));

        await ClaimAsync(user, guestId: null);

        await using var db = Blog.OpenContext();
        Assert.Equal(user.Id, (await db.Guests.AsNoTracking().SingleAsync(row => row.Id == guest, Cancel)).UserId);
        var comments = await db.Comments.AsNoTracking().Where(comment => comment.Id != strangers.CommentId).ToListAsync(Cancel);
        Assert.All(comments, comment => Assert.Equal((user.Id, null, "Hana"), (comment.UserId, comment.GuestId, comment.AuthorName)));
        // One number for each thread, however many comments changed in it: who follows it hears of all of them.
        Assert.Equal((before + 1, beforeToo + 1), (await SequenceAsync(one), await SequenceAsync(two)));
        var told = await Blog.UseAsync(service => service.ReadChangesAsync(one.Id, before, Cancel));
        Assert.Equal([first.CommentId, second.CommentId], told!.Rows.Select(row => row.Id).Order());
        var untouched = await db.Comments.AsNoTracking().SingleAsync(comment => comment.Id == strangers.CommentId, Cancel);
        Assert.Equal((null, strangers.GuestId, "Grace"), (untouched.UserId, untouched.GuestId, untouched.AuthorName));
    }

    [Fact]
    public async Task Reactions_move_along_and_none_is_given_twice()
    {
        var post = await Blog.AddPostAsync();
        var (both, guestsOnly) = ((await CommentAsync(post)).CommentId, (await CommentAsync(post)).CommentId);
        var guest = (await CommentAsync(post)).GuestId;
        await GiveAddressAsync(guest, Address, confirmed: true);
        var user = await AddUserAsync();
        await ReactAsync(post, both, CommentAuthor.OfGuest(guest), Reaction.Like);
        await ReactAsync(post, both, CommentAuthor.OfGuest(guest), Reaction.Love);
        await ReactAsync(post, guestsOnly, CommentAuthor.OfGuest(guest), Reaction.Like);
        await ReactAsync(post, both, new CommentAuthor(user.Id, null), Reaction.Like);

        await ClaimAsync(user, guestId: null);

        var own = (await Blog.UseAsync(service => service.ReadOwnAsync(post.Id, new CommentAuthor(user.Id, guest), Cancel))).Reactions;
        Assert.Equal(
            new[] { new OwnReaction(both, Reaction.Like), new OwnReaction(both, Reaction.Love), new OwnReaction(guestsOnly, Reaction.Like) }.ToHashSet(), own.ToHashSet());
        Assert.Equal(3, own.Count);
    }

    [Theory]
    [InlineData(Address, false)]
    [InlineData("other@example.com", true)]
    [InlineData(null, false)]
    public async Task Another_browsers_guest_is_somebody_else_without_the_confirmed_address(string? address, bool confirmed)
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, address, confirmed);
        var before = await SequenceAsync(post);

        await ClaimAsync(await AddUserAsync(), guestId: null);
        await ClaimAsync(await AddUserAsync("somebody-else@example.com"), guestId: Guid.NewGuid());

        await AssertUntouchedAsync(comment, post, before);
    }

    [Fact]
    public async Task The_guest_of_this_browser_needs_no_confirmation_of_its_own_when_the_address_is_the_accounts()
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, Address, confirmed: false);
        var user = await AddUserAsync();

        await ClaimAsync(user, comment.GuestId);

        await using var db = Blog.OpenContext();
        Assert.Equal(user.Id, (await db.Comments.AsNoTracking().SingleAsync(Cancel)).UserId);
    }

    [Theory]
    [InlineData("other@example.com", false)]
    [InlineData("other@example.com", true)]
    [InlineData(null, false)]
    public async Task The_guest_of_this_browser_may_be_somebody_else(string? address, bool confirmed)
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, address, confirmed);
        var before = await SequenceAsync(post);

        await ClaimAsync(await AddUserAsync(), comment.GuestId);

        await AssertUntouchedAsync(comment, post, before);
    }

    [Fact]
    public async Task An_account_whose_own_address_is_not_confirmed_claims_nothing()
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, Address, confirmed: true);
        var before = await SequenceAsync(post);

        await ClaimAsync(await TestPeople.AddAsync(Blog.Services, Roles.Reader, user => (user.Email, user.EmailConfirmed) = (Address, false)), comment.GuestId);

        await AssertUntouchedAsync(comment, post, before);
    }

    [Fact]
    public async Task Who_is_somebodys_already_is_not_taken_away()
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, Address, confirmed: true);
        var first = await AddUserAsync();
        await ClaimAsync(first, guestId: null);
        var before = await SequenceAsync(post);
        // The first account has another address by now.
        await using var db = Blog.OpenContext();
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(row => row.NormalizedEmail, row => row.Id.ToString()), Cancel);

        await ClaimAsync(await AddUserAsync(), comment.GuestId);

        Assert.Equal(first.Id, (await db.Comments.AsNoTracking().SingleAsync(Cancel)).UserId);
        Assert.Equal(before, await SequenceAsync(post));
    }

    [Fact]
    public async Task What_a_guest_confirms_later_follows_with_the_next_sign_in()
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, Address, confirmed: false);
        var user = await AddUserAsync();
        await ClaimAsync(user, guestId: null);
        await GiveAddressAsync(comment.GuestId, Address, confirmed: true);

        await ClaimAsync(user, guestId: null);

        await using var db = Blog.OpenContext();
        Assert.Equal(user.Id, (await db.Comments.AsNoTracking().SingleAsync(Cancel)).UserId);
    }

    [Fact]
    public async Task Signing_in_in_two_places_at_once_claims_once()
    {
        var post = await Blog.AddPostAsync();
        var comment = await CommentAsync(post);
        await GiveAddressAsync(comment.GuestId, Address, confirmed: true);
        await ReactAsync(post, comment.CommentId, CommentAuthor.OfGuest(comment.GuestId), Reaction.Love);
        var user = await AddUserAsync();
        DatabaseBlog[] nodes = [Blog, OpenNode()];

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => nodes[i % 2].Get<GuestLinking>().ClaimAsync(user, null, Cancel), Cancel)));

        await using var db = Blog.OpenContext();
        Assert.Equal(user.Id, (await db.Comments.AsNoTracking().SingleAsync(Cancel)).UserId);
        Assert.Equal(RecipientKey.OfUser(user.Id), (await db.CommentReactions.AsNoTracking().SingleAsync(Cancel)).Person);
    }

    [Fact]
    public async Task What_is_said_in_the_browser_after_signing_out_is_a_new_guests_and_follows_with_the_next_sign_in()
    {
        var post = await Blog.AddPostAsync();
        var before = await CommentAsync(post);
        await GiveAddressAsync(before.GuestId, Address, confirmed: true);
        var user = await AddUserAsync();
        await ClaimAsync(user, before.GuestId);

        // With the cookie of before, which the browser still has.
        var after = await CommentAsync(post, before.GuestId);

        Assert.NotEqual(before.GuestId, after.GuestId);
        await GiveAddressAsync(after.GuestId, Address, confirmed: false);
        await ClaimAsync(user, after.GuestId);
        await using var db = Blog.OpenContext();
        Assert.All(await db.Comments.AsNoTracking().ToListAsync(Cancel), comment => Assert.Equal(user.Id, comment.UserId));
    }

    [Fact]
    public async Task People_whose_guests_met_in_two_threads_sign_in_at_once()
    {
        var (one, two) = (await Blog.AddPostAsync("one"), await Blog.AddPostAsync("two"));
        DatabaseBlog[] nodes = [Blog, OpenNode()];
        for (var round = 0; round < 10; round++)
        {
            BlogUser[] users = [await AddUserAsync($"a{round}@example.com"), await AddUserAsync($"b{round}@example.com")];
            Post[][] orders = [[one, two], [two, one]];
            foreach (var (user, posts) in users.Zip(orders))
            {
                foreach (var post in posts)
                {
                    await GiveAddressAsync((await CommentAsync(post)).GuestId, user.Email, confirmed: true);
                }
            }

            await Task.WhenAll(users.Zip(nodes, (user, node) => Task.Run(() => node.Get<GuestLinking>().ClaimAsync(user, null, Cancel), Cancel)));
        }

        await using var db = Blog.OpenContext();
        Assert.All(await db.Comments.AsNoTracking().ToListAsync(Cancel), comment => Assert.NotNull(comment.UserId));
    }

    private async Task AssertUntouchedAsync(CommentOutcome.Saved comment, Post post, long before)
    {
        await using var db = Blog.OpenContext();
        var row = await db.Comments.AsNoTracking().Include(found => found.Guest).SingleAsync(found => found.Id == comment.CommentId, Cancel);
        Assert.Equal((null, comment.GuestId, "Grace"), (row.UserId, row.GuestId, row.AuthorName));
        Assert.Null(row.Guest!.UserId);
        Assert.Equal(before, await SequenceAsync(post));
    }

    private Task<BlogUser> AddUserAsync(string email = Address) =>
        TestPeople.AddAsync(Blog.Services, Roles.Reader, user => (user.DisplayName, user.Email) = ("Hana", email));

    private Task ClaimAsync(BlogUser user, Guid? guestId) => Blog.Get<GuestLinking>().ClaimAsync(user, guestId, Cancel);

    private async Task<CommentOutcome.Saved> CommentAsync(Post post, Guid? guestId = null) =>
        Assert.IsType<CommentOutcome.Saved>(await Blog.CommentAsync(post.Slug, $"Hello {Guid.NewGuid()}", guestId: guestId));

    private Task ReactAsync(Post post, Guid commentId, CommentAuthor author, Reaction kind) =>
        Blog.UseAsync(service => service.ReactAsync(post.Slug, commentId, author, kind, wanted: true, Cancel));

    private async Task GiveAddressAsync(Guid guestId, string? address, bool confirmed)
    {
        await using var db = Blog.OpenContext();
        var guest = await db.Guests.SingleAsync(row => row.Id == guestId, Cancel);
        guest.UseEmail(address);
        if (confirmed)
        {
            guest.ConfirmEmail(Blog.Get<TimeProvider>().GetUtcNow());
        }

        await db.SaveChangesAsync(Cancel);
    }

    private async Task<long> SequenceAsync(Post post)
    {
        await using var db = Blog.OpenContext();
        return await db.Posts.Where(row => row.Id == post.Id).Select(row => row.ThreadSequence).SingleAsync(Cancel);
    }
}

public sealed class SqliteGuestLinkingTests(SqliteFiles files) : GuestLinkingTests(files);

public sealed class PostgreSqlGuestLinkingTests(PostgreSqlServer server) : GuestLinkingTests(server);
