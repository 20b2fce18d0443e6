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
    IAutoCommitDatabase database,
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

        var account = opened.Value;
        try
        {
            var says = await account.Connector.CheckAsync(account.Api, account.Credentials, cancellationToken);
            await NoteAsync(request.Id, says, cancellationToken);
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

    /// <summary>A key that may withdraw would not have been taken in, had the exchange been asked then: it is used no more.</summary>
    private Task<IReadOnlyList<Guid>> NoteAsync(Guid id, KeyPermissions says, CancellationToken cancellationToken) =>
        database.QueryAsync<Guid>(
            """
            update api_integration.api_keys
            set permissions_checked = @mayNot, permissions = coalesce(permissions, @permissions),
                is_active = is_active and not @may, updated_at = case when @may then @now else updated_at end
            where user_id = @userId and id = @id
            returning id
            """,
            new
            {
                userId = user.Id,
                id,
                may = says.MayWithdraw is true,
                mayNot = says.MayWithdraw is false,
                permissions = says.Permissions.ToArray(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );
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
                    + "out of use; 409 `no_connector`: this server does not speak to the provider's accounts."
            );
}
