using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Contracts.Alerts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Hosting;

namespace CryptoBeacon.Alerts.Persistence;

internal sealed class StreamPasses(
    IMediator mediator,
    ICurrentUser user,
    ICurrentUserSetter currentUser,
    IAuthorizationService authorization,
    IReadDatabase database,
    IHostApplicationLifetime lifetime,
    TimeProvider clock
) : IStreamPasses
{
    public async Task<Result<StreamPass>> AdmitAsync(
        HttpContext context,
        string? ticket,
        CancellationToken cancellationToken
    )
    {
        var pass = ticket is null
            ? await ByHeaderAsync(context)
            : await mediator.Send(new RedeemStreamTicket(ticket), cancellationToken);
        if (pass.IsSuccess)
        {
            currentUser.Set(pass.Value.UserId, isAdmin: false, pass.Value.SessionId);
        }

        return pass;
    }

    public async Task RunAsync(HttpContext context, StreamPass pass, Func<EventStream, CancellationToken, Task> send)
    {
        using var expiry = new CancellationTokenSource(TimeLeft(pass), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            expiry.Token,
            context.RequestAborted,
            lifetime.ApplicationStopping
        );
        try
        {
            var events = await EventStream.OpenAsync(context, end.Token);
            await send(events, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The token has expired, the client has gone or the server stops: all of them are how a stream ends.
        }
    }

    public async Task<bool> StandsAsync(StreamPass pass, CancellationToken cancellationToken) =>
        pass.SessionId is null
        || await database.QuerySingleOrDefaultAsync<bool>(
            "select is_valid from identity.session_state(@SessionId, @now)",
            new { pass.SessionId, now = clock.GetUtcNow() },
            cancellationToken
        );

    private async Task<Result<StreamPass>> ByHeaderAsync(HttpContext context)
    {
        if (user.IdOrNull is not { } userId)
        {
            return new Error(ErrorKind.Unauthorized, "unauthorized", "Sign in, or bring a ticket.");
        }

        return (await authorization.AuthorizeAsync(context.User, Scopes.Read)).Succeeded
            ? new StreamPass
            {
                UserId = userId,
                SessionId = user.SessionId,
                StreamEndsAt = StreamPass.EndOf(context.User),
            }
            : new Error(ErrorKind.Forbidden, "forbidden", $"The token lacks the scope {Scopes.Read}.");
    }

    private TimeSpan TimeLeft(StreamPass pass)
    {
        if (pass.StreamEndsAt is not { } endsAt)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = endsAt - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
