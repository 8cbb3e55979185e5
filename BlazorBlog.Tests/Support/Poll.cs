using System.Diagnostics;

namespace BlazorBlog.Support;

/// <summary>Asks for an outcome again and again, for the few that nothing announces.</summary>
public static class Poll
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task UntilAsync(Func<Task<bool>> happened, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await happened())
        {
            Assert.True(waited.Elapsed < Cap, $"There was not, within {Cap.TotalSeconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
