using System.Net;
using BlazorBlog.Support;

namespace BlazorBlog.Accounts.SignIn;

public sealed class PasswordFailuresTests
{
    private const string Key = "MINA@EXAMPLE.COM";

    private readonly FakeClock _clock = FakeClock.Standing();

    [Fact]
    public void Each_network_has_its_own_count_and_all_together_a_higher_one()
    {
        var failures = new PasswordFailures(_clock);
        var counted = Enumerable.Range(0, 20).Sum(network => Enumerable.Range(0, 10).Count(_ => failures.TryBegin(Key, Network(network))));

        Assert.Equal(PasswordFailures.MaxFailuresOfAllNetworks, counted);
        Assert.False(failures.TryBegin(Key, Network(100)));
        Assert.True(failures.TryBegin("JOON@EXAMPLE.COM", Network(100)));
        failures.Clear(Key, Network(100));
        Assert.True(failures.TryBegin(Key, Network(100)));
        // The mailbox of the owner says nothing about the network of a stranger.
        Assert.False(failures.TryBegin(Key, Network(0)));
        _clock.Advance(PasswordFailures.LockoutTime);
        Assert.True(failures.TryBegin(Key, Network(0)));
    }

    [Fact]
    public async Task Of_many_tries_at_once_only_as_many_as_allowed_begin()
    {
        for (var round = 0; round < 200; round++)
        {
            var failures = new PasswordFailures(_clock);
            using var start = new Barrier(4);
            var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    return Enumerable.Range(0, 4).Count(_ => failures.TryBegin(Key, Network(1)));
                }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.Equal(PasswordFailures.MaxFailures, tries.Sum());
        }
    }

    [Fact]
    public void Made_up_addresses_that_fill_the_memory_do_not_open_the_limit()
    {
        var failures = new PasswordFailures(_clock);
        for (var i = 0; i < PasswordFailures.Capacity; i++)
        {
            failures.TryBegin($"NOBODY-{i}@EXAMPLE.COM", Network(i));
        }

        Assert.InRange(Enumerable.Range(0, 20).Count(_ => failures.TryBegin(Key, Network(1))), 0, PasswordFailures.MaxFailures);
        // Those that had a place are counted on.
        Assert.Equal(PasswordFailures.MaxFailures - 1, Enumerable.Range(0, 20).Count(_ => failures.TryBegin("NOBODY-0@EXAMPLE.COM", Network(0))));
        // Once the old ones have ended there is room again.
        _clock.Advance(PasswordFailures.LockoutTime);
        Assert.Equal(PasswordFailures.MaxFailures, Enumerable.Range(0, 20).Count(_ => failures.TryBegin(Key, Network(1))));
    }

    private static IPAddress Network(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
