using CryptoBeacon.Application.Privacy;

namespace CryptoBeacon.Identity.Features;

/// <summary>Everything that is stored about the signed-in user, read while it is sent.</summary>
internal sealed record ExportMe : IQuery<PersonalExport>;

internal sealed record PersonalExport(IPersonalData Data, string FileName);

/// <summary>How the document begins; a member for each part of the server follows.</summary>
internal sealed record PersonalDocument(DateTimeOffset ExportedAt, Guid UserId);

internal sealed class ExportMeHandler(IPersonalData data, TimeProvider clock)
    : IRequestHandler<ExportMe, Result<PersonalExport>>
{
    public Task<Result<PersonalExport>> Handle(ExportMe request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<PersonalExport>>(
            new PersonalExport(data, $"crypto-beacon-{clock.GetUtcNow():yyyy-MM-dd}.json")
        );
}

internal static class ExportMeEndpoint
{
    private const string MediaType = "application/json";

    public static void Map(RouteGroupBuilder me) =>
        me.MapGet(
                "/export",
                async (IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ExportMe(), ct)).To(export => new Attachment(export))
            )
            .WithName(nameof(ExportMe))
            .WithSummary("Export everything that is stored about the signed-in user")
            .WithDescription(
                "A member for each part of the server, in it an array for each of its tables, all as of one moment. Passwords, keys and tokens are not in it, nor their hashes."
            )
            .RequireSession()
            .Produces<PersonalDocument>(StatusCodes.Status200OK, MediaType);

    private sealed class Attachment(PersonalExport export) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = MediaType;
            response.Headers.ContentDisposition = $"attachment; filename=\"{export.FileName}\"";
            response.Headers.CacheControl = "no-store";
            return export.Data.WriteAsync(response.BodyWriter, httpContext.RequestAborted);
        }
    }
}
