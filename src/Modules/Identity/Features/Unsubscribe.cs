using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Identity.Features;

/// <summary>Stops a user's alert mails by the token that each of them carries (RFC 8058). Twice is no error.</summary>
internal sealed record Unsubscribe(string? Token) : IStepwiseCommand;

internal sealed class UnsubscribeValidator : AbstractValidator<Unsubscribe>
{
    public UnsubscribeValidator() => RuleFor(c => c.Token).Required();
}

internal sealed class UnsubscribeHandler(IWorkerScopes scopes) : IRequestHandler<Unsubscribe, Result>
{
    public async Task<Result> Handle(Unsubscribe request, CancellationToken cancellationToken)
    {
        if (UnsubscribeTokens.UserOf(request.Token!) is not { } userId)
        {
            return IdentityErrors.InvalidMailedToken;
        }

        // On behalf of the user, as SwitchEmailOff finds out.
        await using var scope = scopes.CreateFor(userId);
        return await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new SwitchEmailOff(userId, request.Token!), cancellationToken);
    }
}

internal static class UnsubscribeEndpoint
{
    private const string Path = "/unsubscribe";

    public static string PathWith(string token) => $"/api/v1{Path}?token={token}";

    public static void Map(IEndpointRouteBuilder api)
    {
        // Mail programs post a form of which nothing is needed; the token stands in the address.
        api.MapPost(
                Path,
                async (string? token, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Unsubscribe(token), ct)).ToNoContent()
            )
            .AllowAnonymous()
            .WithTags("Identity")
            .WithName(nameof(Unsubscribe))
            .WithSummary("Stop alert mails by the token that they carry (RFC 8058, one click)")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest);

        // What looks at links before people do must not change anything.
        api.MapGet(
                Path,
                () =>
                    Results.Text(
                        "Nothing has been changed.\n\nA POST to this address stops the alert mails: the unsubscribe button of a mail program sends it.\n"
                    )
            )
            .AllowAnonymous()
            .WithTags("Identity")
            .WithName($"Show{nameof(Unsubscribe)}")
            .WithSummary("Say what a POST does here; changes nothing")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
    }
}
