using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Contracts.Identity;

namespace CryptoBeacon.Alerts.Delivery;

/// <summary>Standard Webhooks: an id that stays, a time, and a signature by each secret that counts.</summary>
internal sealed class WebhookSender(OutwardHttp http, INotificationChannels channels, TimeProvider clock) : ISender
{
    public NotificationChannel Channel => NotificationChannel.Webhook;

    public async Task<Reply> SendAsync(
        Notification notification,
        NotificationTargets targets,
        CancellationToken cancellationToken
    )
    {
        if (targets.Webhook is not { } webhook)
        {
            return Reply.Disabled;
        }

        using var request = Compose(notification, webhook);
        var reply = await HttpReply.ToAsync(
            http.Client,
            request,
            status => status == HttpStatusCode.Gone,
            clock,
            cancellationToken
        );
        if (reply.StatusCode != (int)HttpStatusCode.Gone)
        {
            return reply;
        }

        const string Reason = "The receiver answered 410, so the webhook is switched off.";
        await channels.SwitchWebhookOffAsync(notification.UserId, webhook.Url, Reason, cancellationToken);
        return reply with { Error = Reason };
    }

    private HttpRequestMessage Compose(Notification notification, WebhookTarget webhook)
    {
        var id = notification.HistoryId.ToString();
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        var body = JsonSerializer.Serialize(
            new
            {
                type = "alert.fired",
                timestamp = notification.TriggeredAt,
                data = new
                {
                    id,
                    notification.AlertId,
                    notification.CoinId,
                    notification.Condition,
                    notification.Price,
                    notification.Currency,
                    notification.PriceAtTrigger,
                    notification.PriceAsOf,
                    notification.Provider,
                    notification.TriggeredAt,
                    notification.Notes,
                },
            },
            BeaconJson.Options
        );
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        if (webhook.Secrets.Count > 0)
        {
            request.Headers.Add(
                "webhook-signature",
                string.Join(' ', webhook.Secrets.Select(secret => WebhookSecret.Sign(secret, id, timestamp, body)))
            );
        }

        return request;
    }
}
