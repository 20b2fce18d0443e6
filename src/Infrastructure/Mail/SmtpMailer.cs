using System.Net;
using System.Net.Sockets;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Mail;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace CryptoBeacon.Infrastructure.Mail;

/// <summary>Over SMTP, one connection a mail.</summary>
internal sealed partial class SmtpMailer(BeaconOptions options, TimeProvider clock, ILogger<SmtpMailer> logger)
    : IMailer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BeaconOptions.SmtpOptions _smtp = options.Smtp;

    public bool IsAvailable => true;

    public async Task<bool> SendAsync(Application.Mail.Mail mail, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new SmtpClient { Timeout = (int)Patience.TotalMilliseconds };
            await client.ConnectAsync(_smtp.Host!, _smtp.Port, EncryptionOf(_smtp), cancellationToken);
            if (_smtp.User is { } user)
            {
                await client.AuthenticateAsync(user, _smtp.Password ?? "", cancellationToken);
            }

            await client.SendAsync(Compose(mail), cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return true;
        }
        catch (SmtpCommandException refusal)
            when (refusal.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)refusal.StatusCode >= 500)
        {
            LogRefused(mail.Id, (int)refusal.StatusCode);
            return false;
        }
        catch (NotSupportedException)
        {
            // A local part outside ASCII, and a mail server without SMTPUTF8.
            LogRefused(mail.Id, statusCode: 0);
            return false;
        }
        catch (SmtpCommandException refusal)
        {
            throw new MailNotSentException(
                $"The mail server answered {(int)refusal.StatusCode} ({refusal.ErrorCode})."
            );
        }
        catch (Exception failure)
            when (failure
                    is IOException
                        or SocketException
                        or TimeoutException
                        or ProtocolException
                        or ServiceNotConnectedException
                        or AuthenticationException
                        or SslHandshakeException
            )
        {
            throw new MailNotSentException($"The mail server can't be used: {failure.GetType().Name}.");
        }
    }

    private MimeMessage Compose(Application.Mail.Mail mail)
    {
        var from = MailboxAddress.Parse(_smtp.From!);
        var message = new MimeMessage
        {
            MessageId = $"{mail.Id}@{from.Domain}",
            Date = clock.GetUtcNow(),
            Subject = mail.Subject,
            Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody(),
        };
        message.From.Add(from);
        message.ReplyTo.Add(_smtp.ReplyTo is { } replyTo ? MailboxAddress.Parse(replyTo) : from);
        message.To.Add(new MailboxAddress(null, mail.To));
        // No holiday notice answers a machine (RFC 3834).
        message.Headers[HeaderId.AutoSubmitted] = "auto-generated";
        if (mail.UnsubscribeUrl is { } url)
        {
            message.Headers[HeaderId.ListUnsubscribe] = $"<{url}>";
            message.Headers[HeaderId.ListUnsubscribePost] = "List-Unsubscribe=One-Click";
        }

        return message;
    }

    /// <summary>In the clear only where nobody else listens, or where the operator says so.</summary>
    private static SecureSocketOptions EncryptionOf(BeaconOptions.SmtpOptions smtp) =>
        smtp.Security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ when smtp.Port == 465 => SecureSocketOptions.SslOnConnect,
            _ when IsThisMachine(smtp.Host!) => SecureSocketOptions.StartTlsWhenAvailable,
            _ => SecureSocketOptions.StartTls,
        };

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(LogLevel.Warning, "Mail {Id} is given up: the mail server refuses its recipient ({StatusCode})")]
    private partial void LogRefused(Guid id, int statusCode);
}
