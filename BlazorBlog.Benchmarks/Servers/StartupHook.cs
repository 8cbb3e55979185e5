using BlazorBlog.Servers;

/// <summary>
/// Puts <see cref="MemoryGauge"/> into the real program, which stays as it is: the runtime runs this before a program when the
/// environment variable <see cref="Variable"/> names this file, and finds it by this name, outside every namespace.
/// </summary>
internal static class StartupHook
{
    public const string Variable = "DOTNET_STARTUP_HOOKS";

    public static void Initialize() => new Thread(MemoryGauge.AnswerUntilClosed) { IsBackground = true }.Start();
}
