using CryptoBeacon.Application.Mail;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>Sends a mail that waits: at least once, and the same whenever it is sent.</summary>
internal sealed record SendMail(Guid Id) : IStepwiseCommand;

internal sealed class SendMailHandler(Mails mails, MailedTokens tokens, IMailer mailer)
    : IRequestHandler<SendMail, Result>
{
    public async Task<Result> Handle(SendMail request, CancellationToken cancellationToken)
    {
        var token = tokens.Of(request.Id);
        if (await mails.OpenAsync(request.Id, token.Hash, cancellationToken) is not { } mail)
        {
            return Result.Success;
        }

        var letter = Letter.Of(mail, token.Text);
        await mailer.SendAsync(
            new Mail(request.Id, mail.Address, letter.Subject, letter.Text, letter.Html),
            cancellationToken
        );
        // What the mail server will never take is done with, too.
        await mails.DoneAsync(request.Id, cancellationToken);
        return Result.Success;
    }
}
