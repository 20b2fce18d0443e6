using System.Text.Json.Nodes;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>The calls that were made in the user's name, the newest first.</summary>
internal sealed record ListApiUsage(
    Guid? ProviderId,
    Guid? ApiKeyId,
    string? From,
    string? To,
    int? Limit,
    string? Cursor
) : IQuery<Page<ApiCallDto>>;

internal sealed record ApiCallDto
{
    public required Guid Id { get; init; }

    public required Guid ProviderId { get; init; }

    /// <summary>Null: the key has been deleted, or was not stored yet.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>Without what signs the call.</summary>
    public required string Endpoint { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>In milliseconds.</summary>
    public int? ResponseTime { get; init; }

    /// <summary>Null: no answer came.</summary>
    public int? StatusCode { get; init; }

    public string? Error { get; init; }

    public JsonObject? RequestDetails { get; init; }
}

internal sealed record ApiCallPosition(DateTimeOffset CalledAt, Guid CallId);

internal sealed class ListApiUsageValidator : AbstractValidator<ListApiUsage>
{
    public ListApiUsageValidator()
    {
        RuleFor(q => q.From).Time();
        RuleFor(q => q.To).Time().NotBefore(q => q.From);
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListApiUsage, ApiCallPosition>();
    }
}

internal sealed class ListApiUsageHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListApiUsage, Result<Page<ApiCallDto>>>
{
    public async Task<Result<Page<ApiCallDto>>> Handle(ListApiUsage request, CancellationToken cancellationToken)
    {
        var position = Cursor.Decode<ApiCallPosition>(request.Cursor);
        var calls = await database.QueryAsync<ApiCallDto>(
            """
            select id, provider_id, api_key_id, endpoint, "timestamp", response_time, status_code, error, request_details
            from api_integration.api_usage
            where user_id = @userId
                and (@ProviderId::uuid is null or provider_id = @ProviderId)
                and (@ApiKeyId::uuid is null or api_key_id = @ApiKeyId)
                and "timestamp" >= @from and "timestamp" < @to
                and (@calledAt::timestamptz is null or ("timestamp", id) < (@calledAt, @callId))
            order by "timestamp" desc, id desc
            limit @take
            """,
            new
            {
                userId = user.Id,
                request.ProviderId,
                request.ApiKeyId,
                from = UtcTime.TryParse(request.From, out var from) ? from : DateTimeOffset.MinValue,
                to = UtcTime.TryParse(request.To, out var to) ? to : DateTimeOffset.MaxValue,
                calledAt = position?.CalledAt,
                callId = position?.CallId,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<ApiCallDto>.From(calls, request.Limit, last => new ApiCallPosition(last.Timestamp, last.Id));
    }
}

internal static class ListApiUsageEndpoint
{
    public static void Map(RouteGroupBuilder usage) =>
        usage
            .MapGet(
                "/",
                async (
                    Guid? providerId,
                    Guid? apiKeyId,
                    string? from,
                    string? to,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ListApiUsage(providerId, apiKeyId, from, to, limit, cursor), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<ApiCallDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(ListApiUsage))
            .WithSummary("List the calls to providers that were made in one's name");
}
