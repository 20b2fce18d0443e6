using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Asks the exchange now whether it takes a key and what it may do.</summary>
internal sealed record TestApiKey(Guid Id) : IStepwiseCommand<ApiKeyTestDto>;

/// <param name="Ok">The exchange takes the key, and says of none that it may withdraw.</param>
/// <param name="Permissions">In the exchange's words; null: it gave no answer.</param>
/// <param name="MayWithdraw">Null: the exchange does not tell.</param>
/// <param name="Code">Why it is not: <c>invalid_key</c>, <c>missing_permission</c>, <c>rate_limited</c>, <c>unavailable</c>, <c>changed_format</c>, <c>refused</c> or <c>withdraw_permission</c>.</param>
/// <param name="Error">The same in plain words.</param>
internal sealed record ApiKeyTestDto(
    bool Ok,
    IReadOnlyList<string>? Permissions,
    bool? MayWithdraw,
    string? Code,
    string? Error,
    DateTimeOffset TestedAt
);

internal sealed class TestApiKeyHandler(
    ExchangeAccounts accounts,
    AccountAsks asks,
    ICurrentUser user,
    TimeProvider clock
) : IRequestHandler<TestApiKey, Result<ApiKeyTestDto>>
{
    public async Task<Result<ApiKeyTestDto>> Handle(TestApiKey request, CancellationToken cancellationToken)
    {
        var opened = await accounts.OpenAsync<IKeyedConnector>(request.Id, cancellationToken);
        if (!opened.IsSuccess)
        {
            return opened.Error;
        }

        if (asks.RefusalFor(user.Id) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var says = await accounts.CheckAsync(request.Id, opened.Value, cancellationToken);
            return says.MayWithdraw is true
                ? Failed(ApiErrors.MayWithdrawAfterAll, says)
                : new ApiKeyTestDto(true, says.Permissions, says.MayWithdraw, null, null, clock.UtcNow());
        }
        catch (ConnectorException exception)
        {
            return Failed(ExchangeFaults.ToError(exception), says: null);
        }
    }

    private ApiKeyTestDto Failed(Error error, KeyPermissions? says) =>
        new(false, says?.Permissions, says?.MayWithdraw, error.Code, error.Message, clock.UtcNow());
}

internal static class TestApiKeyEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapPost(
                "/{id:guid}/test",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new TestApiKey(id), ct)).ToOk()
            )
            .RequireScope(Scopes.KeysWrite)
            .Produces<ApiKeyTestDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName(nameof(TestApiKey))
            .WithSummary("Ask the exchange whether it takes the key, and what the key may do")
            .WithDescription(
                "200 whatever the exchange says: `ok` tells, and `code` and `error` why not. A key of which it says that it may withdraw is taken out of use. 409 `inactive`: the key or its provider is "
                    + "out of use; 409 `no_connector`: this server does not speak to the provider's accounts; 429: exchanges were asked too often on your behalf, a few times a minute is what there is."
            );
}
