namespace CryptoBeacon.Identity.Features;

internal sealed record GetNotificationChannels : IQuery<NotificationChannelsDto>;

internal sealed class GetNotificationChannelsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<GetNotificationChannels, Result<NotificationChannelsDto>>
{
    public async Task<Result<NotificationChannelsDto>> Handle(
        GetNotificationChannels request,
        CancellationToken cancellationToken
    )
    {
        var row = await database.QuerySingleOrDefaultAsync<ChannelsRow>(
            ChannelsRow.Sql,
            new { userId = user.Id },
            cancellationToken
        );
        return (row ?? new ChannelsRow()).ToDto();
    }
}

internal static class GetNotificationChannelsEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapGet(
                "/notification-channels",
                async (IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetNotificationChannels(), ct)).ToOk()
            )
            .WithName(nameof(GetNotificationChannels))
            .WithSummary("Show where one is told of alerts; secrets are not shown")
            .RequireSession()
            .Produces<NotificationChannelsDto>();
}
