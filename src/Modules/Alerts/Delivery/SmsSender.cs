using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Contracts.Identity;

namespace CryptoBeacon.Alerts.Delivery;

/// <summary>By a service that speaks Twilio's REST. Its address is the operator's, so it may be anywhere.</summary>
internal sealed class SmsSender(BeaconOptions options, TimeProvider clock) : ISender, IDisposable
{
    private readonly BeaconOptions.SmsOptions _sms = options.Sms;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public NotificationChannel Channel => NotificationChannel.Sms;

    public async Task<Reply> SendAsync(
        Notification notification,
        NotificationTargets targets,
        CancellationToken cancellationToken
    )
    {
        if (targets.PhoneNumber is not { } number || _sms.AccountSid is not { } account)
        {
            return Reply.Disabled;
        }

        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"{_sms.BaseUrl.TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(account)}/Messages.json"
        )
        {
            Content = new FormUrlEncodedContent([
                new("To", number),
                new("From", _sms.From!),
                new("Body", notification.Text),
            ]),
        };
        request.Headers.Add("Idempotency-Key", notification.HistoryId.ToString());
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{_sms.AuthToken}"))
        );
        return await HttpReply.ToAsync(
            _http,
            request,
            status => status == HttpStatusCode.BadRequest,
            clock,
            cancellationToken
        );
    }

    public void Dispose() => _http.Dispose();
}
