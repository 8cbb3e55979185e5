using System.Diagnostics;

namespace BlazorBlog.Notifications;

/// <summary>Postfix' load generator <c>smtp-source(1)</c>, written in C.</summary>
internal sealed class SmtpSource
{
    public const string HowToGet =
        "smtp-source is missing. Install the package postfix, or without a mail service: apt-get download postfix && dpkg -x postfix_*.deb DIR, "
        + "and run again with DIR/usr/sbin on the PATH.";

    private readonly string _file;

    private SmtpSource(string file) => _file = file;

    /// <returns>Null when it is not on this machine.</returns>
    public static SmtpSource? Find()
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var file = directories.Append("/usr/sbin").Append(AppContext.BaseDirectory).Select(directory => Path.Combine(directory, "smtp-source")).FirstOrDefault(File.Exists);
        return file is null ? null : new SmtpSource(file);
    }

    /// <summary>Sends over connections that stay open, as ours do.</summary>
    /// <returns>Mails per second, over the life of the process.</returns>
    public async Task<double> MeasureAsync(int port, int connections, int mails, int size)
    {
        var start = new ProcessStartInfo(
            _file,
            ["-d", "-s", $"{connections}", "-m", $"{mails}", "-l", $"{size}", "-f", "blog@blog.example", "-t", "jin@blog.example", $"inet:127.0.0.1:{port}"]);
        // Of an unpacked package the libraries stand beside it.
        start.Environment["LD_LIBRARY_PATH"] = Path.Combine(Path.GetDirectoryName(_file)!, "..", "lib", "postfix");
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? mails / Stopwatch.GetElapsedTime(started).TotalSeconds
            : throw new InvalidOperationException($"smtp-source ended with {process.ExitCode}.");
    }
}
