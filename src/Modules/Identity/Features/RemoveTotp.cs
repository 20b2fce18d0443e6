using System.Text.Json.Serialization;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.Identity.Features;

internal sealed record RemoveTotpInput
{
    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? Password { get; init; }

    public string? Code { get; init; }
}

/// <summary>Switches the second factor off, for which both factors are needed.</summary>
internal sealed record RemoveTotp(RemoveTotpInput Body, Device Device) : IStepwiseCommand, IHasBody<RemoveTotpInput>;

internal sealed class RemoveTotpValidator : AbstractValidator<RemoveTotp>
{
    public RemoveTotpValidator()
    {
        RuleFor(c => c.Body.Password).Required();
        RuleFor(c => c.Body.Code).Required();
    }
}

internal sealed class RemoveTotpHandler(
    IReadDatabase database,
    ICurrentUser user,
    PasswordAttempts attempts,
    SecondFactor secondFactor,
    MfaMethods methods
) : IRequestHandler<RemoveTotp, Result>
{
    public async Task<Result> Handle(RemoveTotp request, CancellationToken cancellationToken)
    {
        if (
            await database.QuerySingleOrDefaultAsync<UserDto>(GetMeHandler.Sql, new { id = user.Id }, cancellationToken)
            is not { } me
        )
        {
            return IdentityErrors.UserNotFound;
        }

        if (!me.MfaEnabled)
        {
            return IdentityErrors.MfaIsOff;
        }

        var password = await attempts.CheckAsync(me.Email, request.Body.Password!, request.Device, cancellationToken);
        if (!password.IsSuccess)
        {
            return password.Error == IdentityErrors.InvalidCredentials
                ? Error.Invalid("password", "is not the password of this account")
                : password.Error;
        }

        var code = await secondFactor.RequireAsync(user.Id, request.Body.Code!, cancellationToken);
        if (!code.IsSuccess)
        {
            return code.Error;
        }

        await methods.RemoveAsync(user.Id, cancellationToken);
        return Result.Success;
    }
}

internal static class RemoveTotpEndpoint
{
    public static void Map(RouteGroupBuilder mfa) =>
        mfa.MapDelete(
                "/totp",
                async ([FromBody] RemoveTotpInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new RemoveTotp(body, device), ct)).ToNoContent()
            )
            .WithName(nameof(RemoveTotp))
            .WithSummary("Switch the second factor off")
            .RequireSession()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
