namespace BlazorBlog.Servers;

/// <summary>
/// Tells the starter of this process how much memory it holds. Asked from outside, a process shows mostly how long ago it collected its
/// garbage.
/// </summary>
internal static class MemoryGauge
{
    public const string Question = "memory?";

    /// <summary>Answers each line of the standard input that is the question, until the starter closes it or ends.</summary>
    public static void AnswerUntilClosed()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == Question)
            {
                Console.WriteLine(ServerMemory.Take());
            }
        }
    }
}
