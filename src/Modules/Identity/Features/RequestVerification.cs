using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>Mails the token that confirms the account's address once more.</summary>
internal sealed record RequestVerification : IStepwiseCommand;

internal sealed class RequestVerificationHandler(
    IReadDatabase database,
    ICurrentUser user,
    MailAllowance allowance,
    Mails mails
) : IRequestHandler<RequestVerification, Result>
{
    public async Task<Result> Handle(RequestVerification request, CancellationToken cancellationToken)
    {
        var me = await database.QuerySingleOrDefaultAsync<UserDto>(
            GetMeHandler.Sql,
            new { id = user.Id },
            cancellationToken
        );
        if (me is null or { EmailVerified: true })
        {
            return me is null ? IdentityErrors.UserNotFound : IdentityErrors.EmailVerified;
        }

        if (!mails.AreSent)
        {
            return IdentityErrors.MailUnavailable;
        }

        var allowed = await allowance.TakeAsync(me.Email, cancellationToken);
        if (allowed.IsSuccess)
        {
            await mails.AskToConfirmAsync(user.Id, cancellationToken);
        }

        return allowed;
    }
}

internal static class RequestVerificationEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapPost(
                "/email/verification",
                async (IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RequestVerification(), ct)).ToAccepted()
            )
            .WithName(nameof(RequestVerification))
            .WithSummary("Mail the token that confirms the account's e-mail address")
            .RequireSession()
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
