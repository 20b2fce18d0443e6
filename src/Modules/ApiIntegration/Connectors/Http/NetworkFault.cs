using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CryptoBeacon.ApiIntegration.Connectors.Http;

/// <summary>Why there was no answer, in words of our own: an exception's message may name what it was sent.</summary>
internal static class NetworkFault
{
    /// <returns>Goes after the provider's name.</returns>
    public static string Of(Exception exception) =>
        exception switch
        {
            _ when IsForbidden(exception) => "lies in a private network, which is not called",
            TimeoutRejectedException or OperationCanceledException => "did not answer in time",
            BrokenCircuitException => "has failed too often and is left alone for half a minute",
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                "answered more than is read",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                "was not found by its name",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "could not prove who it is (TLS)",
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException =>
                "broke off its answer",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "answered what is no HTTP",
            _ => "could not be reached",
        };

    /// <summary>Trying again may help.</summary>
    public static bool IsPassing(Exception? exception) =>
        exception
            is TimeoutRejectedException
                or IOException
                or HttpRequestException { HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded }
        && !IsForbidden(exception);

    private static bool IsForbidden(Exception exception) =>
        exception is ForbiddenTargetException || (exception.InnerException is { } inner && IsForbidden(inner));
}
