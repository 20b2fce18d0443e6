namespace CryptoBeacon.Application.Mail;

/// <summary>Sends mail. It waits for the mail server, so it is for jobs alone.</summary>
public interface IMailer
{
    /// <summary>False: this installation has no mail server, and nothing may depend on a mail.</summary>
    bool IsAvailable { get; }

    /// <returns>False: the mail server will never take it, such as for an address that does not exist.</returns>
    /// <exception cref="MailNotSentException">It may be taken later.</exception>
    Task<bool> SendAsync(Mail mail, CancellationToken cancellationToken);
}

/// <param name="Id">The same whenever the same mail is sent again, so that whoever receives two can tell.</param>
/// <param name="To">An address, without a name: what users call themselves stays out of headers.</param>
/// <param name="Text">The plain form of <paramref name="Html"/>.</param>
/// <param name="UnsubscribeUrl">Where a POST stops mails of this kind, for the mail program's own button (RFC 8058).</param>
public sealed record Mail(Guid Id, string To, string Subject, string Text, string Html, string? UnsubscribeUrl = null);

/// <summary>
/// Why, in a form that may be stored: a failed job keeps its exception, and what mail servers say repeats addresses.
/// </summary>
public sealed class MailNotSentException(string reason) : Exception(reason);
