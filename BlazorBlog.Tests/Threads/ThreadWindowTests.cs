using static BlazorBlog.Support.CommentViewBuilder;

namespace BlazorBlog.Threads;

public sealed class ThreadWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_window_opens_on_the_first_page_and_counts_what_is_below()
    {
        var roots = Roots(45);

        var page = ThreadWindow.Open(Thread(roots), newestFirst: false).Look(Thread(roots));

        Assert.Equal(Ids(roots[..20]), Ids(page));
        Assert.Equal((0, 25), (page.Before, page.After));
        Assert.Equal((null, roots[20].Id), (page.PreviousId, page.NextId));
    }

    [Fact]
    public void More_adds_a_page_until_the_thread_ends()
    {
        var roots = Roots(45);
        var thread = Thread(roots);
        var window = ThreadWindow.Open(thread, newestFirst: false);

        window.ShowMore(thread);
        Assert.Equal(Ids(roots[..40]), Ids(window.Look(thread)));
        window.ShowMore(thread);
        var page = window.Look(thread);

        Assert.Equal(Ids(roots), Ids(page));
        Assert.Equal((0, 0, null, null), (page.Before, page.After, page.PreviousId, page.NextId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(20)]
    public void What_comes_at_the_end_of_a_thread_that_is_shown_to_its_end_is_shown(int count)
    {
        var roots = Roots(count + 3);
        var window = ThreadWindow.Open(Thread(roots[..count]), newestFirst: false);

        Assert.Equal(Ids(roots), Ids(window.Look(Thread(roots))));
    }

    [Fact]
    public void What_comes_at_the_end_of_a_thread_that_goes_on_below_is_only_counted()
    {
        var roots = Roots(22);
        var window = ThreadWindow.Open(Thread(roots[..21]), newestFirst: false);

        var page = window.Look(Thread(roots));

        Assert.Equal(Ids(roots[..20]), Ids(page));
        Assert.Equal(2, page.After);
    }

    [Fact]
    public void Newest_first_begins_with_the_newest_and_lets_newer_ones_in_above()
    {
        var roots = Roots(45);
        var window = ThreadWindow.Open(Thread(roots[..44]), newestFirst: true);

        var before = window.Look(Thread(roots[..44]));
        var after = window.Look(Thread(roots));

        Assert.Equal(Ids(roots[24..44].Reverse()), Ids(before));
        Assert.Equal(Ids(roots[24..45].Reverse()), Ids(after));
        Assert.Equal((0, 24, roots[23].Id), (after.Before, after.After, after.NextId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_to_a_comment_far_down_opens_a_page_around_it_and_says_what_is_above_and_below(bool newestFirst)
    {
        var roots = Roots(200);
        var thread = Thread(roots);
        var target = newestFirst ? roots[99] : roots[100];

        var page = ThreadWindow.Open(thread, newestFirst, target.Id).Look(thread);

        var expected = newestFirst ? roots[82..102].Reverse() : roots[98..118];
        Assert.Equal(Ids(expected), Ids(page));
        Assert.Equal((98, 82), (page.Before, page.After));
        Assert.NotNull(page.PreviousId);
        Assert.NotNull(page.NextId);
    }

    [Fact]
    public void A_link_to_a_comment_of_the_first_page_or_to_none_opens_the_first_page()
    {
        var roots = Roots(45);
        var thread = Thread(roots);

        foreach (var around in new[] { roots[0].Id, roots[19].Id, Guid.NewGuid() })
        {
            Assert.Equal(Ids(roots[..20]), Ids(ThreadWindow.Open(thread, newestFirst: false, around).Look(thread)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(299)]
    [InlineData(300)]
    public void A_link_to_a_reply_inside_a_giant_branch_uncovers_it_and_not_the_whole_branch(int place)
    {
        var giant = Giant(300);
        var thread = Thread([.. Roots(40), giant]);
        var target = giant.Branch().ElementAt(place);

        var page = ThreadWindow.Open(thread, newestFirst: false, target.Id).Look(thread);

        Assert.Contains(target, page.Comments());
        var branch = page.Branches.Single(branch => branch.Root.Id == giant.Id);
        Assert.InRange(branch.Shown, 50, place + 50);
        Assert.Equal(branch.Shown < 301 ? giant.Branch().ElementAt(branch.Shown).Id : (Guid?)null, branch.NextId);
    }

    [Fact]
    public void A_giant_branch_is_shown_in_parts()
    {
        var giant = Giant(300);
        var thread = Thread(giant);
        var window = ThreadWindow.Open(thread, newestFirst: false);

        List<int> shown = [];
        for (var i = 0; i < 4; i++)
        {
            shown.Add(Assert.Single(window.Look(thread).Branches).Shown);
            window.ShowMoreOf(giant.Id);
        }

        Assert.Equal([50, 150, 250, 301], shown);
        Assert.Null(window.Look(thread).Branches[0].NextId);
    }

    [Fact]
    public void Earlier_adds_the_page_above_and_keeps_what_is_shown()
    {
        var roots = Roots(200);
        var thread = Thread(roots);
        var window = ThreadWindow.Open(thread, newestFirst: false, roots[100].Id);

        window.ShowEarlier(thread);
        Assert.Equal(Ids(roots[78..118]), Ids(window.Look(thread)));
        for (var i = 0; i < 4; i++)
        {
            window.ShowEarlier(thread);
        }

        var page = window.Look(thread);
        Assert.Equal(Ids(roots[..118]), Ids(page));
        Assert.Equal((0, null), (page.Before, page.PreviousId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_window_stays_where_it_is_while_roots_around_it_come_and_go(bool newestFirst)
    {
        var roots = Roots(120);
        var thread = Thread(roots);
        var window = ThreadWindow.Open(thread, newestFirst, roots[60].Id);
        var shown = Ids(window.Look(thread));

        // Ten of the oldest are hidden, three late approvals stand among them, ten new ones come at the end.
        CommentView[] changed = [.. roots[10..40], .. Roots(3, Start.AddMinutes(40).AddSeconds(30)), .. roots[40..], .. Roots(10, Start.AddDays(1))];

        var page = window.Look(Thread(changed));
        Assert.Equal(shown, Ids(page));
        Assert.Equal(changed.Length, page.Before + shown.Count + page.After);
    }

    [Fact]
    public void The_window_outlives_the_comments_at_its_edges()
    {
        var roots = Roots(120);
        var thread = Thread(roots);
        var window = ThreadWindow.Open(thread, newestFirst: false, roots[60].Id);
        var shown = Ids(window.Look(thread));

        var page = window.Look(Thread([.. roots.Where(root => root.Id != shown[0] && root.Id != shown[^1])]));

        Assert.Equal(shown.Skip(1).SkipLast(1), Ids(page));
    }

    [Fact]
    public void A_comment_that_is_approved_inside_the_window_appears_at_its_place()
    {
        var roots = Roots(120);
        var window = ThreadWindow.Open(Thread([.. roots.Where(root => root != roots[65])]), newestFirst: false, roots[60].Id);

        var shown = Ids(window.Look(Thread(roots)));

        Assert.Equal(Ids(roots[58..79]), shown);
    }

    [Fact]
    public void Comments_of_one_moment_have_one_order()
    {
        var ids = Enumerable.Range(0, 45).Select(_ => Guid.NewGuid()).Order().ToArray();
        CommentView[] roots = [.. ids.Select(id => Comment() with { Id = id, CreatedAt = Start })];
        var thread = Thread(roots);
        var window = ThreadWindow.Open(thread, newestFirst: false);

        window.ShowMore(thread);

        Assert.Equal(Ids(roots[..40]), Ids(window.Look(thread)));
    }

    [Fact]
    public void What_is_near_is_uncovered_where_it_stands_and_what_is_far_moves_the_window()
    {
        var giant = Giant(300);
        CommentView[] roots = [giant, .. Roots(200, Start.AddHours(1))];
        var thread = Thread(roots);
        var window = ThreadWindow.Open(thread, newestFirst: false);

        window.Show(thread, giant.Replies[120].Id);
        var near = window.Look(thread);
        Assert.Equal(Ids(roots[..20]), Ids(near));
        Assert.Contains(giant.Replies[120], near.Comments());

        window.Show(thread, roots[150].Id);
        var far = window.Look(thread);
        Assert.Contains(roots[150], far.Comments());
        Assert.Equal(20, far.Branches.Count);

        window.Show(thread, Guid.NewGuid());
        Assert.Equal(Ids(far), Ids(window.Look(thread)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_thread_shows_nothing_until_the_first_comment_comes(bool newestFirst)
    {
        var window = ThreadWindow.Open(Thread(), newestFirst);
        var empty = window.Look(Thread());
        window.ShowMore(Thread());
        window.ShowEarlier(Thread());

        Assert.Empty(empty.Branches);
        Assert.Equal((0, 0, null, null), (empty.Before, empty.After, empty.PreviousId, empty.NextId));
        Assert.Single(window.Look(Thread(Roots(1))).Branches);
    }

    private static CommentView[] Roots(int count, DateTimeOffset? from = null) =>
        [.. Enumerable.Range(1, count).Select(number => Comment($"Reader {number}") with { CreatedAt = (from ?? Start).AddMinutes(from is null ? number : number / 60d) })];

    private static CommentView Giant(int replies) =>
        Comment("Giant", [.. Enumerable.Range(1, replies).Select(number => Comment($"Reader {number}"))]) with { CreatedAt = Start.AddMinutes(55) };

    private static List<Guid> Ids(ThreadPage page) => Ids(page.Branches.Select(branch => branch.Root));

    private static List<Guid> Ids(IEnumerable<CommentView> comments) => [.. comments.Select(comment => comment.Id)];
}
