using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace BlazorBlog.Support;

/// <summary>One connection of the fake server.</summary>
internal sealed class FakeSmtpSession(FakeSmtpServer server, Socket socket, int number) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private int _start;
    private int _end;
    private bool _ended;
    private string _hello = "";
    private string? _username;
    private string? _from;
    private string _parameters = "";
    private bool _pipelined;
    private List<string> _to = [];

    private bool IsSecured => _stream is SslStream;

    public void Dispose()
    {
        _ended = true;
        _stream.Dispose();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (server.Options.ImplicitTls)
        {
            await SecureAsync(cancellationToken);
        }

        await AnswerAsync("CONNECT", "", "220 fake.example ESMTP", cancellationToken);
        while (!_ended && await ReadLineAsync(cancellationToken) is { } line)
        {
            server.Note(line);
            await HandleAsync(line, cancellationToken);
        }
    }

    private async Task HandleAsync(string line, CancellationToken cancellationToken)
    {
        var verb = line.Split(' ')[0].ToUpperInvariant();
        switch (verb)
        {
            case "EHLO":
                _hello = line[5..];
                await AnswerAsync(verb, line, Capabilities(), cancellationToken);
                break;
            case "STARTTLS":
                if (await AnswerAsync(verb, line, "220 2.0.0 go ahead", cancellationToken))
                {
                    await SecureAsync(cancellationToken);
                }

                break;
            case "AUTH":
                await AuthenticateAsync(line, cancellationToken);
                break;
            case "MAIL":
                _pipelined = _end > _start;
                await MailAsync(line, cancellationToken);
                break;
            case "RCPT":
                if (await AnswerAsync(verb, line, _from is null ? "503 5.5.1 MAIL first" : "250 2.1.5 ok", cancellationToken) && _from is not null)
                {
                    _to.Add(AddressOf(line));
                }

                break;
            case "DATA":
                if (await AnswerAsync(verb, line, _to.Count == 0 ? "503 5.5.1 RCPT first" : "354 go on", cancellationToken) && _to.Count > 0)
                {
                    await TakeMailAsync(cancellationToken);
                }

                break;
            case "RSET":
                ForgetMail();
                await AnswerAsync(verb, line, "250 2.0.0 ok", cancellationToken);
                break;
            case "QUIT":
                await AnswerAsync(verb, line, "221 2.0.0 bye", cancellationToken);
                _ended = true;
                break;
            default:
                await AnswerAsync(verb, line, "502 5.5.2 unknown", cancellationToken);
                break;
        }
    }

    private string Capabilities()
    {
        var options = server.Options;
        List<string> lines = ["fake.example"];
        lines.AddRange(options.Pipelining ? ["PIPELINING"] : []);
        lines.AddRange(options.EightBitMime ? ["8BITMIME"] : []);
        lines.AddRange(options.SmtpUtf8 ? ["SMTPUTF8"] : []);
        lines.AddRange(options.Size is { } size ? [size == 0 ? "SIZE" : $"SIZE {size}"] : []);
        lines.AddRange(options.StartTls && !IsSecured ? ["STARTTLS"] : []);
        lines.AddRange(options.Auth.Count > 0 ? [$"AUTH {string.Join(' ', options.Auth)}"] : []);
        lines.Add("ENHANCEDSTATUSCODES");
        return string.Join('\n', lines.Select((line, index) => $"250{(index < lines.Count - 1 ? '-' : ' ')}{line}"));
    }

    private async Task AuthenticateAsync(string line, CancellationToken cancellationToken)
    {
        var words = line.Split(' ');
        var mechanism = words.ElementAtOrDefault(1)?.ToUpperInvariant() ?? "";
        if (!server.Options.Auth.Contains(mechanism))
        {
            await AnswerAsync("AUTH", line, "504 5.5.4 not offered", cancellationToken);
            return;
        }

        var (user, accepted) = mechanism switch
        {
            "PLAIN" => Plain(words.ElementAtOrDefault(2) ?? await AskAsync("334 ", cancellationToken)),
            "LOGIN" => Login(await AskAsync("334 VXNlcm5hbWU6", cancellationToken), await AskAsync("334 UGFzc3dvcmQ6", cancellationToken)),
            _ => XOAuth2(words.ElementAtOrDefault(2) ?? await AskAsync("334 ", cancellationToken)),
        };
        if (mechanism == "XOAUTH2" && !accepted)
        {
            await AskAsync("334 eyJzdGF0dXMiOiI0MDEifQ==", cancellationToken);
        }

        if (await AnswerAsync("AUTH", line, accepted ? "235 2.7.0 welcome" : "535 5.7.8 bad credentials", cancellationToken) && accepted)
        {
            _username = user;
        }
    }

    private (string User, bool Accepted) Plain(string answer)
    {
        var parts = Decode(answer).Split('\0');
        return parts.Length == 3 ? (parts[1], parts[1] == server.Options.Username && parts[2] == server.Options.Password) : ("", false);
    }

    private (string User, bool Accepted) Login(string user, string password) =>
        (Decode(user), Decode(user) == server.Options.Username && Decode(password) == server.Options.Password);

    private (string User, bool Accepted) XOAuth2(string answer) =>
        (server.Options.Username, Decode(answer) == $"user={server.Options.Username}\u0001auth=Bearer {server.Options.AccessToken}\u0001\u0001");

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        await WriteAsync(question, cancellationToken);
        var answer = await ReadLineAsync(cancellationToken) ?? throw new EndOfStreamException();
        server.Note(answer);
        return answer;
    }

    private async Task MailAsync(string line, CancellationToken cancellationToken)
    {
        var refused = server.Options.RequireAuth && _username is null;
        if (await AnswerAsync("MAIL", line, refused ? "530 5.7.0 authentication required" : "250 2.1.0 ok", cancellationToken) && !refused)
        {
            _from = AddressOf(line);
            _parameters = line[(line.IndexOf('>', StringComparison.Ordinal) + 1)..].Trim();
            _to = [];
        }
    }

    private static string AddressOf(string line) => line.Split('<', 2)[1].Split('>')[0];

    private async Task TakeMailAsync(CancellationToken cancellationToken)
    {
        var data = await ReadMailAsync(cancellationToken);
        if (data is null)
        {
            return;
        }

        var scripted = server.Scripted(".", "");
        if (scripted is null or FakeSmtpAction.AcceptAndDropAction or FakeSmtpAction.AcceptAndHangAction
            || scripted is FakeSmtpAction.ReplyAction { Lines: ['2', ..] })
        {
            server.Take(new FakeSmtpMessage
            {
                From = _from!,
                To = _to,
                MailParameters = _parameters,
                Data = data,
                Hello = _hello,
                Username = _username,
                OverTls = IsSecured,
                Pipelined = _pipelined,
                Connection = number,
                ReceivedAt = TimeProvider.System.GetTimestamp(),
            });
        }

        ForgetMail();
        await DoAsync(scripted ?? "250 2.0.0 Ok: queued as FAKE1", cancellationToken);
    }

    /// <summary>Null when the script ended the connection within the mail.</summary>
    private async Task<byte[]?> ReadMailAsync(CancellationToken cancellationToken)
    {
        var data = new MemoryStream();
        // As if a line had ended just before: a mail may begin with the final dot.
        data.Write("\r\n"u8);
        var searched = 0;
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                throw new EndOfStreamException();
            }

            if (server.Scripted("BODY", "") is { } scripted)
            {
                await DoAsync(scripted, cancellationToken);
                return null;
            }

            data.Write(_buffer, _start, _end - _start);
            var all = data.GetBuffer().AsSpan(0, (int)data.Length);
            var end = all[searched..].IndexOf("\r\n.\r\n"u8);
            if (end >= 0)
            {
                end += searched;
                // What came after the final dot are the next commands.
                _start = _end - (all.Length - end - 5);
                return Unstuffed(all[2..(end + 2)]);
            }

            _start = _end;
            searched = Math.Max(0, all.Length - 4);
        }
    }

    private static byte[] Unstuffed(ReadOnlySpan<byte> mail)
    {
        var plain = new MemoryStream(mail.Length);
        if (mail.StartsWith("."u8))
        {
            mail = mail[1..];
        }

        for (var dot = mail.IndexOf("\r\n."u8); dot >= 0; dot = mail.IndexOf("\r\n."u8))
        {
            plain.Write(mail[..(dot + 2)]);
            mail = mail[(dot + 3)..];
        }

        plain.Write(mail);
        return plain.ToArray();
    }

    private void ForgetMail()
    {
        _from = null;
        _to = [];
    }

    /// <summary>True when the usual answer was given.</summary>
    private async Task<bool> AnswerAsync(string verb, string line, string usual, CancellationToken cancellationToken)
    {
        var scripted = server.Scripted(verb, line);
        await DoAsync(scripted ?? usual, cancellationToken);
        return scripted is null || (scripted is FakeSmtpAction.ReplyAction { Lines: [var first, ..] } && (first == '3' || (first == '2' && verb != "DATA")));
    }

    private async Task DoAsync(FakeSmtpAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case FakeSmtpAction.ReplyAction reply:
                await WriteAsync(reply.Lines, cancellationToken);
                _ended |= reply.Lines.StartsWith("421", StringComparison.Ordinal);
                break;
            case FakeSmtpAction.HangAction or FakeSmtpAction.AcceptAndHangAction:
                await WaitForEndAsync(cancellationToken);
                break;
            default:
                _ended = true;
                break;
        }
    }

    private async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        _start = _end;
        while (await FillAsync(cancellationToken))
        {
            _start = _end;
        }

        _ended = true;
    }

    private async Task SecureAsync(CancellationToken cancellationToken)
    {
        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = server.Options.Certificate ?? throw new InvalidOperationException("TLS needs Options.Certificate.") },
            cancellationToken);
        _stream = secured;
    }

    private async Task WriteAsync(string lines, CancellationToken cancellationToken)
    {
        if (server.Delay > TimeSpan.Zero)
        {
            await Task.Delay(server.Delay, cancellationToken);
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(lines.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n"), cancellationToken);
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
