using BlazorBlog.Comments;
using BlazorBlog.Support;

namespace BlazorBlog.Threads;

public sealed class ThreadBuilderTests
{
    [Fact]
    public void Replies_stand_below_what_they_answer_in_the_order_they_came()
    {
        var first = Row("first");
        var second = Row("second");
        var thread = Build(4, first, second, Row("one", first), Row("two", first), Row("three", second));

        Assert.Equal(["first", "second"], thread.Roots.Select(root => root.AuthorName));
        Assert.Equal(["one", "two"], thread.Roots[0].Replies.Select(reply => reply.AuthorName));
        Assert.All(thread.Roots[0].Replies, reply => Assert.Equal(1, reply.Depth));
        Assert.All(thread.Roots[0].Replies, reply => Assert.False(reply.IsBesideParent));
        Assert.Equal(5, thread.Count);
    }

    [Fact]
    public void Below_the_deepest_level_replies_stand_side_by_side_and_name_whom_they_answer()
    {
        var zero = Row("zero");
        var one = Row("one", zero);
        var two = Row("two", one);
        var three = Row("three", two);
        var thread = Build(1, zero, one, two, three);

        Assert.Equal(["one", "two", "three"], thread.Roots.Single().Replies.Select(reply => reply.AuthorName));
        Assert.All(thread.Roots.Single().Replies, reply => Assert.Equal(1, reply.Depth));
        Assert.Equal(["zero", "one", "two"], thread.Roots.Single().Replies.Select(reply => reply.Answers?.AuthorName));
        Assert.Equal([false, true, true], thread.Roots.Single().Replies.Select(reply => reply.IsBesideParent));
    }

    [Fact]
    public void Without_levels_every_comment_stands_at_the_top_and_names_whom_it_answers()
    {
        var zero = Row("zero");
        var one = Row("one", zero);
        var thread = Build(0, zero, one, Row("two", one));

        Assert.Equal([null, "zero", "one"], thread.Roots.Select(root => root.Answers?.AuthorName));
        Assert.All(thread.Roots, root => Assert.Empty(root.Replies));
    }

    [Fact]
    public void A_removed_comment_keeps_the_place_of_its_replies_and_nothing_of_its_own()
    {
        var gone = Row("gone") with { Removed = true, ByPostAuthor = true };
        var thread = Build(4, gone, Row("stays", gone));

        var tombstone = thread.Roots.Single();
        Assert.Equal((true, "", "", false), (tombstone.Removed, tombstone.AuthorName, tombstone.Html, tombstone.ByPostAuthor));
        Assert.Equal("stays", tombstone.Replies.Single().AuthorName);
        Assert.Equal(1, thread.Count);
    }

    [Fact]
    public void Removed_comments_without_a_visible_reply_leave_nothing()
    {
        var gone = Row("gone") with { Removed = true };
        var thread = Build(4, gone, Row("gone as well", gone) with { Removed = true }, Row("stays"));

        Assert.Equal(["stays"], thread.Roots.Select(root => root.AuthorName));
    }

    [Fact]
    public void Nobody_is_said_to_answer_a_removed_comment_by_name()
    {
        var zero = Row("zero");
        var gone = Row("gone", zero) with { Removed = true };
        var thread = Build(1, zero, gone, Row("after", gone));

        Assert.Null(thread.Roots.Single().Replies[1].Answers);
    }

    [Fact]
    public void A_reply_whose_parent_is_not_told_of_yet_waits_for_it_with_all_below()
    {
        var late = Row("late");
        var reply = Row("reply", late);
        var below = Row("below", reply);

        var before = Build(4, reply, below);
        var after = Build(4, late, reply, below);

        Assert.Equal((0, 0), (before.Roots.Count, before.Count));
        Assert.Equal(["late", "reply", "below"], after.Roots.Single().Branch().Select(comment => comment.AuthorName));
    }

    [Fact]
    public void A_conversation_of_ten_thousand_in_one_line_is_built()
    {
        var rows = new List<CommentRecord> { Row("0") };
        while (rows.Count < 10_000)
        {
            rows.Add(Row($"{rows.Count}", rows[^1]));
        }

        Assert.Equal(10_000, Build(20, [.. rows]).Count);
    }

    [Fact]
    public void A_comment_out_of_sight_keeps_the_place_of_its_replies_and_without_any_leaves_none()
    {
        var hidden = Row("hidden") with { Approved = false };
        var thread = Build(4, hidden, Row("answer", hidden), Row("spam") with { Approved = false });

        var place = thread.Roots.Single();
        Assert.Equal((true, "", ""), (place.Removed, place.AuthorName, place.Html));
        Assert.Equal("answer", place.Replies.Single().AuthorName);
        Assert.Equal(1, thread.Count);
    }

    [Fact]
    public void What_did_not_change_keeps_its_markup_and_what_did_loses_it()
    {
        var (one, two) = (Row("one"), Row("two"));
        var before = Build(4, one, two);
        foreach (var root in before.Roots)
        {
            root.Markup = new CommentMarkup("card", "a-post", closed: false);
        }

        var after = ThreadBuilder.Build(Head, [one, two with { Reactions = new ReactionCounts().Change(Reaction.Like, 1) }], 4, before);

        Assert.Same(before.Roots[0].Markup, after.Roots[0].Markup);
        Assert.Null(after.Roots[1].Markup);
    }

    private static ThreadHead Head => new(Guid.CreateVersion7(), "a-post", ClosedAt: null, Sequence: 7, [], ArrivalsAfter: 7);

    private static ThreadView Build(int maxDepth, params CommentRecord[] rows) => ThreadBuilder.Build(Head, rows, maxDepth);

    private static CommentRecord Row(string name, CommentRecord? parent = null) => new(
        Guid.CreateVersion7(),
        parent?.Id,
        Sequence: 1,
        name,
        ByPostAuthor: false,
        $"<p>{name}</p>",
        FakeClock.Start,
        EditedAt: null,
        Removed: false,
        Approved: true,
        new ReactionCounts());
}
