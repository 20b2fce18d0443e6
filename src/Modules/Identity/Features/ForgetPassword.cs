using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

internal sealed record ForgetPasswordInput
{
    public string? Email { get; init; }
}

/// <summary>
/// Offers a new password by mail. The same is done and answered whether there is such an account or not; that is found out by the job that sends the
/// mail.
/// </summary>
internal sealed record ForgetPassword(ForgetPasswordInput Body, Device Device)
    : IStepwiseCommand,
        IHasBody<ForgetPasswordInput>;

internal sealed class ForgetPasswordValidator : AbstractValidator<ForgetPassword>
{
    public ForgetPasswordValidator() => RuleFor(c => c.Body.Email).Required().EmailAddressRule();
}

internal sealed class ForgetPasswordHandler(MailAllowance allowance, Mails mails)
    : IRequestHandler<ForgetPassword, Result>
{
    public async Task<Result> Handle(ForgetPassword request, CancellationToken cancellationToken)
    {
        if (!mails.AreSent)
        {
            return IdentityErrors.MailUnavailable;
        }

        var allowed = await allowance.TakeAsync(request.Device, cancellationToken);
        if (!allowed.IsSuccess)
        {
            return allowed;
        }

        // Enough mails are on their way there; to say so to a stranger's victim would be to lock the owner out.
        var email = request.Body.Email!;
        if ((await allowance.TakeAsync(email, cancellationToken)).IsSuccess)
        {
            await mails.OfferNewPasswordAsync(email, cancellationToken);
        }

        return Result.Success;
    }
}

internal static class ForgetPasswordEndpoint
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost(
                "/password/forgot",
                async (ForgetPasswordInput body, Device device, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ForgetPassword(body, device), ct)).ToAccepted()
            )
            .WithName(nameof(ForgetPassword))
            .WithSummary("Ask for a mail that lets one choose a new password")
            .WithDescription(
                "The answer is the same whether there is such an account or not. The mailed token is good once and for an hour."
            )
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
