using System.Net;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Mail;

namespace CryptoBeacon.Alerts.Delivery;

internal sealed class EmailSender(IMailer mailer) : ISender
{
    private const string Footer =
        "Crypto Beacon Trader Hub. The unsubscribe button of your mail program stops these mails, as PUT /me/notification-channels does.";

    public NotificationChannel Channel => NotificationChannel.Email;

    public async Task<Reply> SendAsync(
        Notification notification,
        NotificationTargets targets,
        CancellationToken cancellationToken
    )
    {
        if (targets.Email is not { } target || !mailer.IsAvailable)
        {
            return Reply.Disabled;
        }

        try
        {
            return await mailer.SendAsync(Compose(notification, target), cancellationToken)
                ? new Reply(DeliveryOutcome.Sent)
                : new Reply(DeliveryOutcome.Failed, null, "The mail server refuses the address.");
        }
        catch (MailNotSentException failure)
        {
            return new Reply(DeliveryOutcome.Retry, null, failure.Message);
        }
    }

    private static Mail Compose(Notification notification, EmailTarget target)
    {
        string[] paragraphs = [notification.Text, .. notification.Notes is { } notes ? new[] { notes } : []];
        return new Mail(
            notification.HistoryId,
            target.Address,
            notification.Title,
            string.Join("\r\n\r\n", [.. paragraphs, $"-- \r\n{Footer}", ""]),
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(notification.Title)}</title></head>
            <body style="font-family: sans-serif; max-width: 36em; margin: 2em auto; line-height: 1.5">
            {string.Join('\n', paragraphs.Select(text => $"<p>{WebUtility.HtmlEncode(text)}</p>"))}
            <p style="color: #666">{Footer}</p>
            </body>
            </html>
            """,
            target.UnsubscribeUrl
        );
    }
}
