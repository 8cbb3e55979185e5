using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Deliveries;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Now = FakeClock.Start;
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    [Fact]
    public void Each_attempt_waits_twice_as_long_as_the_one_before_up_to_an_hour()
    {
        var waits = Enumerable.Range(1, 10).Select(attempts => Wait(attempts, jitter: 0.5).TotalSeconds).ToList();

        Assert.Equal([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], waits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(int.MaxValue)]
    public void The_jitter_spreads_a_wait_by_a_fifth_to_either_side(int attempts)
    {
        var middle = Wait(attempts, jitter: 0.5);

        Assert.Equal(middle * 0.8, Wait(attempts, jitter: 0));
        Assert.Equal(middle * 1.2, Wait(attempts, jitter: 1));
    }

    [Fact]
    public void The_providers_wish_is_never_undercut_and_never_shortens_a_wait()
    {
        Assert.Equal(TimeSpan.FromMinutes(10), Wait(1, jitter: 0.5, hint: TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.FromHours(3), Wait(10, jitter: 0.5, hint: TimeSpan.FromHours(3)));
        Assert.Equal(TimeSpan.FromSeconds(30), Wait(1, jitter: 0.5, hint: TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(30), Wait(1, jitter: 0.5, hint: TimeSpan.FromSeconds(-5)));
    }

    [Fact]
    public void A_notice_is_given_up_when_its_next_attempt_would_come_after_the_deadline()
    {
        Assert.Equal(Now.AddSeconds(30), RetrySchedule.Next(1, null, 0.5, Now, Now.AddSeconds(30)));
        Assert.Null(RetrySchedule.Next(1, null, 0.5, Now, Now.AddSeconds(29)));
        Assert.Null(RetrySchedule.Next(1, TimeSpan.FromDays(2), 0.5, Now, Now.AddDays(1)));
        Assert.Null(RetrySchedule.Next(1, null, 0.5, Now, Now.AddDays(-1)));
    }

    [Fact]
    public void In_five_days_a_mail_is_tried_some_hundred_times_and_then_no_more()
    {
        var (attempts, at, deadline) = (0, Now, Now.AddDays(5));
        while (RetrySchedule.Next(++attempts, null, 0.5, at, deadline) is { } next)
        {
            Assert.True(next > at);
            at = next;
        }

        Assert.InRange(attempts, 100, 150);
        Assert.True(deadline - at < RetrySchedule.Longest);
    }

    private static TimeSpan Wait(int attempts, double jitter, TimeSpan? hint = null) => RetrySchedule.Next(attempts, hint, jitter, Now, Never)!.Value - Now;
}
