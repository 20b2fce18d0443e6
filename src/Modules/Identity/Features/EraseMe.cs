using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.Identity.Features;

internal sealed record EraseMeInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Password { get; init; }

    /// <summary>Needed where a second factor is on.</summary>
    public string? Code { get; init; }
}

/// <summary>
/// Erases the signed-in user: every row that is theirs, and the key under which the audit trail holds what it says of them.
/// </summary>
internal sealed record EraseMe(EraseMeInput Body, Device Device) : IStepwiseCommand, IHasBody<EraseMeInput>;

internal sealed class EraseMeValidator : AbstractValidator<EraseMe>
{
    public EraseMeValidator() => RuleFor(c => c.Body.Password).Required();
}

internal sealed class EraseMeHandler(
    IReadDatabase database,
    ICurrentUser user,
    PasswordAttempts attempts,
    SecondFactor secondFactor,
    SessionStates sessions,
    IMediator mediator
) : IRequestHandler<EraseMe, Result>
{
    public async Task<Result> Handle(EraseMe request, CancellationToken cancellationToken)
    {
        if (
            await database.QuerySingleOrDefaultAsync<UserDto>(GetMeHandler.Sql, new { id = user.Id }, cancellationToken)
            is not { } me
        )
        {
            return IdentityErrors.UserNotFound;
        }

        var password = await attempts.CheckAsync(me.Email, request.Body.Password!, request.Device, cancellationToken);
        if (!password.IsSuccess)
        {
            return password.Error == IdentityErrors.InvalidCredentials
                ? Error.Invalid("password", "is not the password of this account")
                : password.Error;
        }

        if (me.MfaEnabled)
        {
            if (string.IsNullOrEmpty(request.Body.Code))
            {
                return Error.Invalid("code", "is required, since a second factor is on");
            }

            var code = await secondFactor.RequireAsync(user.Id, request.Body.Code, cancellationToken);
            if (!code.IsSuccess)
            {
                return code.Error;
            }
        }

        var erased = await mediator.Send(new EraseAccount(user.Id), cancellationToken);
        sessions.ForgetUser(user.Id);
        return erased;
    }
}

internal static class EraseMeEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapDelete(
                "/",
                async ([FromBody] EraseMeInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new EraseMe(body, device), ct)).ToNoContent()
            )
            .WithName(nameof(EraseMe))
            .WithSummary("Erase the account and everything that is stored about it")
            .WithDescription(
                "What the audit trail says of the user can be read by nobody from then on; its chain stays whole. The last administrator can't be erased."
            )
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
