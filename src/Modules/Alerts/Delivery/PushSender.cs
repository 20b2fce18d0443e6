using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Contracts.Identity;

namespace CryptoBeacon.Alerts.Delivery;

/// <summary>To a topic of ntfy, or to Gotify, whose address ends with <c>/message</c>.</summary>
internal sealed class PushSender(OutwardHttp http, TimeProvider clock) : ISender
{
    private const string High = "4";
    private const int GotifyHigh = 8;

    public NotificationChannel Channel => NotificationChannel.Push;

    public async Task<Reply> SendAsync(
        Notification notification,
        NotificationTargets targets,
        CancellationToken cancellationToken
    )
    {
        if (targets.Push is not { } push)
        {
            return Reply.Disabled;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, push.Url);
        request.Headers.Add("Idempotency-Key", notification.HistoryId.ToString());
        if (request.RequestUri!.AbsolutePath.EndsWith("/message", StringComparison.Ordinal))
        {
            AddGotify(request, notification, push.Token);
        }
        else
        {
            AddNtfy(request, notification, push.Token);
        }

        return await HttpReply.ToAsync(
            http.Client,
            request,
            status => status is HttpStatusCode.BadRequest or HttpStatusCode.Gone,
            clock,
            cancellationToken
        );
    }

    private static void AddGotify(HttpRequestMessage request, Notification notification, string? token)
    {
        request.Content = JsonContent.Create(
            new
            {
                title = notification.Title,
                message = notification.Text,
                priority = GotifyHigh,
            }
        );
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Gotify-Key", token);
        }
    }

    private static void AddNtfy(HttpRequestMessage request, Notification notification, string? token)
    {
        request.Content = new StringContent(notification.Text, Encoding.UTF8, "text/plain");
        request.Headers.Add("Title", notification.Title);
        request.Headers.Add("Priority", High);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }
}
