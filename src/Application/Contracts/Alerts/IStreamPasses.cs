using System.Globalization;
using System.Security.Claims;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Http;

namespace CryptoBeacon.Application.Contracts.Alerts;

/// <summary>The door of every stream of events, whose endpoint lets everybody in: an <c>Authorization</c> header, or a ticket of <c>/alerts/stream-ticket</c>.</summary>
public interface IStreamPasses
{
    /// <summary>From here on the request is that of whoever is let in.</summary>
    Task<Result<StreamPass>> AdmitAsync(HttpContext context, string? ticket, CancellationToken cancellationToken);

    /// <summary>Runs a stream until it ends by itself, its pass does, the client goes or the server stops.</summary>
    Task RunAsync(HttpContext context, StreamPass pass, Func<EventStream, CancellationToken, Task> send);

    /// <summary>False for whoever has signed out or is shut out, and has heard enough.</summary>
    Task<bool> StandsAsync(StreamPass pass, CancellationToken cancellationToken);
}

/// <summary>Whose stream it is, and when it ends.</summary>
public sealed record StreamPass
{
    private const string ExpiryClaim = "exp";

    public required Guid UserId { get; init; }

    public Guid? SessionId { get; init; }

    public DateTimeOffset? StreamEndsAt { get; init; }

    /// <summary>When the access token of a request expires, and with it the stream that it opens.</summary>
    public static DateTimeOffset? EndOf(ClaimsPrincipal user) =>
        long.TryParse(
            user.FindFirst(ExpiryClaim)?.Value,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
