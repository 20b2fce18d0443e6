using CryptoBeacon.ApiIntegration.Connectors;

namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What goes wrong at an exchange, as this server's own refusals: in plain words, and never a fault of ours.</summary>
internal static class ExchangeFaults
{
    /// <summary>Whether the same call may get an answer later.</summary>
    public static bool Passes(ConnectorException exception) =>
        exception.Fault is ConnectorFault.Unavailable or ConnectorFault.RateLimited;

    public static string CodeOf(ConnectorException exception) => WireName.Of(exception.Fault);

    /// <summary>Somebody who waits is told when to try again.</summary>
    public static Error ToTooMany(ConnectorException exception, DateTimeOffset now) =>
        new(ErrorKind.TooManyRequests, CodeOf(exception), exception.Message)
        {
            RetryAfter = exception.RetryAt > now ? exception.RetryAt - now : TimeSpan.FromMinutes(1),
        };

    public static Error ToError(ConnectorException exception, DateTimeOffset? now = null) =>
        new(
            exception.Fault is ConnectorFault.Unavailable or ConnectorFault.RateLimited or ConnectorFault.ChangedFormat
                ? ErrorKind.Unavailable
                : ErrorKind.Conflict,
            CodeOf(exception),
            exception.Message
        )
        {
            RetryAfter = exception.RetryAt - now,
        };
}
