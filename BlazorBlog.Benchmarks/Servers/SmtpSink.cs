using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BlazorBlog.Servers;

/// <summary>
/// The cheapest SMTP server there is: it takes every mail and keeps none, with one blocking thread per connection, so that clients are
/// measured and not the server.
/// </summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ManualResetEvent _closing = new(initialState: false);
    private readonly TimeSpan _answersAfter;
    private readonly Action<long>? _mailArrived;

    /// <param name="answersAfter">Before each answer; <see cref="Timeout.InfiniteTimeSpan"/> for a server that hangs.</param>
    /// <param name="mailArrived">Gets the <see cref="Stopwatch"/>'s time at which the final dot of a mail was read.</param>
    public SmtpSink(TimeSpan answersAfter, Action<long>? mailArrived = null)
    {
        _answersAfter = answersAfter;
        _mailArrived = mailArrived;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Start(Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose()
    {
        _closing.Set();
        _listener.Dispose();
    }

    private static void Start(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (SocketException)
        {
            // One of the two sides closed.
        }
        catch (ObjectDisposedException)
        {
            // This one did.
        }
    })
    { IsBackground = true }.Start();

    private void Accept()
    {
        while (true)
        {
            var socket = _listener.Accept();
            socket.NoDelay = true;
            Start(() => new Session(this, socket).Serve());
        }
    }

    private sealed class Session(SmtpSink sink, Socket socket)
    {
        private const int LongestCommand = 4096;

        private readonly byte[] _input = new byte[64 * 1024];
        private readonly byte[] _answers = new byte[LongestCommand];
        private int _unread;
        private int _answered;
        private bool _isInMail;
        private bool _isOver;

        public void Serve()
        {
            using var connection = socket;
            Answer("220 sink ESMTP\r\n"u8);
            while (TryFlush() && !_isOver && socket.Receive(_input.AsSpan(_unread)) is var read and > 0)
            {
                _unread += read;
                while (_isInMail ? TryEndMail() : TryCommand())
                {
                }
            }
        }

        private bool TryCommand()
        {
            var end = _input.AsSpan(0, _unread).IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            Obey(_input.AsSpan(0, 4));
            Consume(end + 1);
            return true;
        }

        private void Obey(ReadOnlySpan<byte> verb)
        {
            if (Is(verb, "EHLO"))
            {
                Answer("250-sink\r\n250-PIPELINING\r\n250-SIZE\r\n250 8BITMIME\r\n"u8);
            }
            else if (Is(verb, "DATA"))
            {
                Answer("354 go on\r\n"u8);
                _isInMail = true;
            }
            else if (Is(verb, "QUIT"))
            {
                Answer("221 bye\r\n"u8);
                _isOver = true;
            }
            else
            {
                Answer("250 ok\r\n"u8);
            }
        }

        private static bool Is(ReadOnlySpan<byte> verb, string name) => System.Text.Ascii.EqualsIgnoreCase(verb, name);

        private bool TryEndMail()
        {
            var mail = _input.AsSpan(0, _unread);
            var end = mail.IndexOf("\r\n.\r\n"u8);
            if (end < 0)
            {
                // The end may have begun with the last four octets.
                Consume(Math.Max(0, _unread - 4));
                return false;
            }

            sink._mailArrived?.Invoke(Stopwatch.GetTimestamp());
            _isInMail = false;
            Answer("250 ok\r\n"u8);
            Consume(end + 5);
            return true;
        }

        private void Consume(int count)
        {
            _input.AsSpan(count, _unread - count).CopyTo(_input);
            _unread -= count;
        }

        private void Answer(ReadOnlySpan<byte> line)
        {
            line.CopyTo(_answers.AsSpan(_answered));
            _answered += line.Length;
        }

        /// <returns>False when the server closed before it was time to answer.</returns>
        private bool TryFlush()
        {
            if (_answered > 0 && sink._answersAfter != TimeSpan.Zero && sink._closing.WaitOne(sink._answersAfter))
            {
                return false;
            }

            socket.Send(_answers.AsSpan(0, _answered));
            _answered = 0;
            return true;
        }
    }
}
