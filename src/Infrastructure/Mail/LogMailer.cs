using CryptoBeacon.Application.Mail;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Infrastructure.Mail;

/// <summary>For developers without a mail server: the mail with all that is in it goes to the log.</summary>
internal sealed partial class LogMailer(ILogger<LogMailer> logger) : IMailer
{
    public bool IsAvailable => true;

    public Task<bool> SendAsync(Application.Mail.Mail mail, CancellationToken cancellationToken)
    {
        LogMail(mail.To, mail.Subject, mail.Text);
        return Task.FromResult(true);
    }

    [LoggerMessage(LogLevel.Information, "Mail to {To}: {Subject}\n{Text}")]
    private partial void LogMail(string to, string subject, string text);
}

/// <summary>Where there is neither a mail server nor a developer.</summary>
internal sealed class NoMailer : IMailer
{
    public bool IsAvailable => false;

    public Task<bool> SendAsync(Application.Mail.Mail mail, CancellationToken cancellationToken) =>
        throw new MailNotSentException("CryptoBeacon:Smtp:Host is not set.");
}
