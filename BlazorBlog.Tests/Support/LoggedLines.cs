using Microsoft.Extensions.Logging;

namespace BlazorBlog.Support;

/// <summary>What a program wrote to its log.</summary>
public sealed class LoggedLines : ILoggerProvider, ILogger
{
    public Recorded<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add(formatter(state, exception));

    public void Dispose()
    {
    }
}
