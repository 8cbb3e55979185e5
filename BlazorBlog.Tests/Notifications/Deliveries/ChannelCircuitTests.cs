using System.Globalization;
using BlazorBlog.Support;

namespace BlazorBlog.Notifications.Deliveries;

public sealed class ChannelCircuitTests
{
    private readonly FakeClock _clock = FakeClock.Standing();
    private readonly ChannelCircuit _circuit;

    public ChannelCircuitTests() => _circuit = new ChannelCircuit(_clock);

    [Fact]
    public void A_working_channel_takes_all_it_can()
    {
        Assert.Equal(200, _circuit.Allowed(200));
        Assert.Null(_circuit.RestsUntil);
    }

    [Theory]
    [InlineData(ChannelFault.Connection, "00:00:01", "00:01:00")]
    [InlineData(ChannelFault.Authentication, "00:01:00", "00:15:00")]
    [InlineData(ChannelFault.Configuration, "00:01:00", "00:15:00")]
    [InlineData(ChannelFault.Quota, "00:15:00", "04:00:00")]
    public void A_channel_that_is_down_rests_longer_each_time_it_fails_again(ChannelFault fault, string first, string longest)
    {
        var rest = _circuit.Open(fault, hint: null) - _clock.GetUtcNow();
        Assert.Equal(TimeSpan.Parse(first, CultureInfo.InvariantCulture), rest);
        for (var i = 0; i < 40; i++)
        {
            _clock.Advance(rest);
            var next = _circuit.Open(fault, hint: null) - _clock.GetUtcNow();
            Assert.True(next >= rest);
            rest = next;
        }

        Assert.Equal(TimeSpan.Parse(longest, CultureInfo.InvariantCulture), rest);
    }

    [Fact]
    public void While_it_rests_nothing_is_tried_and_afterwards_one_alone()
    {
        var until = _circuit.Open(ChannelFault.Authentication, hint: null);
        Assert.Equal((0, until), (_circuit.Allowed(200), _circuit.RestsUntil!.Value));

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, _circuit.Allowed(200));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _circuit.Allowed(200));

        _circuit.Close();
        Assert.Equal(200, _circuit.Allowed(200));
        Assert.Null(_circuit.RestsUntil);
    }

    [Fact]
    public void Connections_that_fail_together_are_one_failure()
    {
        var until = _circuit.Open(ChannelFault.Connection, hint: null);

        Assert.Equal(until, _circuit.Open(ChannelFault.Connection, hint: null));
        Assert.Equal(until, _circuit.Open(ChannelFault.Connection, hint: null));
    }

    [Fact]
    public void After_a_success_the_next_failure_is_a_first_one()
    {
        _circuit.Open(ChannelFault.Connection, hint: null);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _circuit.Open(ChannelFault.Connection, hint: null);
        _circuit.Close();

        Assert.Equal(TimeSpan.FromSeconds(1), _circuit.Open(ChannelFault.Connection, hint: null) - _clock.GetUtcNow());
    }

    [Fact]
    public void The_providers_wish_prolongs_a_rest_and_never_shortens_it()
    {
        Assert.Equal(TimeSpan.FromHours(1), _circuit.Open(ChannelFault.Connection, TimeSpan.FromHours(1)) - _clock.GetUtcNow());
        _circuit.Close();
        Assert.Equal(TimeSpan.FromMinutes(15), _circuit.Open(ChannelFault.Quota, TimeSpan.FromSeconds(1)) - _clock.GetUtcNow());
    }
}
