using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Application.Contracts.Alerts;

namespace CryptoBeacon.Alerts.Features;

/// <summary>
/// A ticket that opens one stream, for what can't send a header (EventSource). A ticket in an address ends up in logs, so it works once and for
/// 30 seconds. The stream that it opens ends when <paramref name="EndsAt"/> says, as one opened by the token itself.
/// </summary>
internal sealed record IssueStreamTicket(DateTimeOffset? EndsAt) : ICommand<StreamTicketDto>
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
}

internal sealed record StreamTicketDto(string Ticket, DateTimeOffset ExpiresAt);

internal sealed class IssueStreamTicketHandler(IWriteDatabase database, ICurrentUser user, TimeProvider clock)
    : IRequestHandler<IssueStreamTicket, Result<StreamTicketDto>>
{
    public async Task<Result<StreamTicketDto>> Handle(IssueStreamTicket request, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var expiresAt = now + IssueStreamTicket.Lifetime;
        await database.ExecuteAsync(
            """
            delete from alerts.stream_tickets where user_id = @userId and expires_at <= @now;

            insert into alerts.stream_tickets (token_hash, user_id, session_id, expires_at, stream_ends_at)
            values (@hash, @userId, @sessionId, @expiresAt, @endsAt)
            """,
            new
            {
                userId = user.Id,
                sessionId = user.SessionId,
                hash = StreamTickets.Hash(ticket),
                now,
                expiresAt,
                endsAt = request.EndsAt,
            },
            cancellationToken
        );
        return new StreamTicketDto(ticket, expiresAt);
    }
}

internal static class StreamTickets
{
    public static byte[] Hash(string ticket) => SHA256.HashData(Encoding.UTF8.GetBytes(ticket));
}

internal static class IssueStreamTicketEndpoint
{
    public static void Map(RouteGroupBuilder alerts) =>
        alerts
            .MapPost(
                "/stream-ticket",
                async (HttpContext context, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new IssueStreamTicket(StreamPass.EndOf(context.User)), ct)).ToOk()
            )
            .WithName(nameof(IssueStreamTicket))
            .WithSummary("Get a ticket that opens one stream within 30 seconds")
            .RequireScope(Scopes.Read)
            .Produces<StreamTicketDto>();
}
