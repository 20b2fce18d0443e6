using CryptoBeacon.Application.Contracts.Alerts;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Takes a ticket and says whom it lets in. Of two that come with the same ticket, to whichever servers, one is refused.</summary>
internal sealed record RedeemStreamTicket(string Ticket) : ICommand<StreamPass>;

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
