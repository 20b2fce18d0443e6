using System.Net;

namespace CryptoBeacon.Alerts.Delivery;

/// <summary>One request and what its answer means.</summary>
internal static class HttpReply
{
    public static async Task<Reply> ToAsync(
        HttpClient http,
        HttpRequestMessage request,
        Func<HttpStatusCode, bool> isFinal,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // What it says besides is not read.
            using var answer = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            var status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode ? new Reply(DeliveryOutcome.Sent, status)
                : isFinal(answer.StatusCode)
                    ? new Reply(DeliveryOutcome.Failed, status, $"The receiver answered {status}.")
                : new Reply(
                    DeliveryOutcome.Retry,
                    status,
                    status is >= 300 and < 400
                        ? $"The receiver answered {status}; redirects are not followed."
                        : $"The receiver answered {status}.",
                    RetryAfter(answer, clock)
                );
        }
        catch (HttpRequestException failure)
        {
            return new Reply(
                DeliveryOutcome.Retry,
                null,
                failure.InnerException is ForbiddenTargetException forbidden
                    ? forbidden.Message
                    : $"The receiver can't be reached: {WireName.Of(failure.HttpRequestError)}."
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(DeliveryOutcome.Retry, null, "The receiver did not answer within 10 seconds.");
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage answer, TimeProvider clock) =>
        answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;
}
