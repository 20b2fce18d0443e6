using System.Globalization;
using System.Security.Claims;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Takes a ticket and says whom it lets in. Of two that come with the same ticket, to whichever servers, one is refused.</summary>
internal sealed record RedeemStreamTicket(string Ticket) : ICommand<StreamPass>;

/// <summary>Whose stream it is, and when it ends.</summary>
internal sealed record StreamPass
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

internal sealed class RedeemStreamTicketHandler(IWriteDatabase database, TimeProvider clock)
    : IRequestHandler<RedeemStreamTicket, Result<StreamPass>>
{
    public async Task<Result<StreamPass>> Handle(RedeemStreamTicket request, CancellationToken cancellationToken)
    {
        var passes = await database.QueryAsync<StreamPass>(
            "select user_id, session_id, stream_ends_at from alerts.redeem_stream_ticket(@hash, @now)",
            new { hash = StreamTickets.Hash(request.Ticket), now = clock.UtcNow() },
            cancellationToken
        );
        return passes.Count == 1
            ? passes[0]
            : new Error(
                ErrorKind.Unauthorized,
                "invalid_ticket",
                "The ticket is unknown, used or older than 30 seconds."
            );
    }
}
