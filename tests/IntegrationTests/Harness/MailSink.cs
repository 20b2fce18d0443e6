using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>A mail server (RFC 5321) on a socket of its own, which keeps what it is given.</summary>
internal sealed partial class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    public MailSink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<ReceivedMail> Mails { get; } = [];

    /// <summary>What the server answers to a recipient; null: it takes the mail.</summary>
    public Func<string, string?> Refusal { get; set; } = _ => null;

    /// <summary>What happens between a mail that was taken and the word that it was.</summary>
    public Func<Task> Taken { get; set; } = () => Task.CompletedTask;

    /// <summary>The first mail to that address with that subject; fails when none comes.</summary>
    public async Task<ReceivedMail> NextAsync(string to, string subject) =>
        (
            await ApiTest.EventuallyAsync(
                () => Task.FromResult(To(to).FirstOrDefault(mail => mail.Message.Subject == subject)),
                mail => mail is not null
            )
        )!;

    public IEnumerable<ReceivedMail> To(string address) => Mails.Where(mail => mail.Recipients.Contains(address));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (OperationCanceledException) { }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        var recipients = new List<string>();
        await writer.WriteLineAsync("220 sink");
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "RCPT":
                    var recipient = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Address().Match(line).Value));
                    var refusal = Refusal(recipient);
                    recipients.Add(recipient);
                    await writer.WriteLineAsync(refusal ?? "250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    Mails.Enqueue(new ReceivedMail([.. recipients], await ReadDataAsync(reader)));
                    await Taken();
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                case "EHLO":
                    await writer.WriteLineAsync("250-sink");
                    await writer.WriteLineAsync("250 SMTPUTF8");
                    break;
                default:
                    recipients.Clear();
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var raw = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line and not ".")
        {
            raw.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return raw.ToString();
    }

    [GeneratedRegex("(?<=<)[^>]*")]
    private static partial Regex Address();
}

/// <param name="Raw">As it came over the wire.</param>
internal sealed partial record ReceivedMail(string[] Recipients, string Raw)
{
    public MimeMessage Message { get; } = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(Raw)));

    public string Token => TokenLine().Match(Message.TextBody!).Groups["token"].Value;

    public override string ToString() => $"\"{Message.Subject}\" to {string.Join(", ", Recipients)}";

    [GeneratedRegex(@"^Token: (?<token>\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex TokenLine();
}
