using System.Net;

namespace CryptoBeacon.ApiIntegration.Connectors.Http;

/// <summary>
/// One attempt of a call: takes its weight from the budget that all servers share, signs it, reads the answer whole within its bounds, learns from the
/// provider what is left, and leaves a record.
/// </summary>
internal sealed class MeteredHandler(CallBudget budget, UsageLog usage, TimeProvider clock) : DelegatingHandler
{
    /// <summary>Binance's list of markets, the longest answer there is, takes less than half of it.</summary>
    public const int MaxAnswer = 32 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Options.TryGetValue(MeteredCall.Key, out var metered);
        var (call, site) = (metered!.Call, metered.Site);
        await budget.TakeAsync(site, call.Weight, metered.IsOwn, cancellationToken);

        // The record of an attempt that failed; that of the last one is added by who reads the answer.
        usage.Add(metered.Entry);
        var entry = metered.Begin(clock.UtcNow());
        request.RequestUri = metered.Address;
        call.Sign?.Invoke(request, entry.At);
        var started = clock.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            entry.StatusCode = (int)response.StatusCode is var status and >= 100 and < 600 ? status : null;
            await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                entry.Error = $"HTTP {(int)response.StatusCode}";
            }

            await LearnAsync(call, site, response, cancellationToken);
            return response;
        }
        catch (Exception exception)
        {
            entry.Error = NetworkFault.Of(exception);
            throw;
        }
        finally
        {
            entry.Milliseconds = (int)clock.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    private async Task LearnAsync(
        ProviderCall call,
        ProviderSite site,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        if (response.StatusCode is HttpStatusCode.TooManyRequests or MeteredCall.Banned)
        {
            await budget.BlockAsync(site, RetryAt(response), cancellationToken);
        }
        else if (
            call.UsedWeightHeader is { } header
            && response.Headers.TryGetValues(header, out var values)
            && int.TryParse(values.First(), out var used)
            && used >= 0
        )
        {
            await budget.CorrectAsync(site, used, cancellationToken);
        }
    }

    private DateTimeOffset RetryAt(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Date: { } date } => date,
            { Delta: { } delta } => clock.UtcNow() + delta,
            _ => clock.UtcNow() + (response.StatusCode is MeteredCall.Banned ? UntoldBan : UntoldPause),
        };

    /// <summary>Where the provider does not say how long: Binance's shortest ban, and its window.</summary>
    private static readonly TimeSpan UntoldBan = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan UntoldPause = TimeSpan.FromMinutes(1);
}
