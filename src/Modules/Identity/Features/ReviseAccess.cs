using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;
using Npgsql;

namespace CryptoBeacon.Identity.Features;

/// <summary>What an administrator may change of an account.</summary>
internal sealed record AccessInput
{
    public UserRole? Role { get; init; }

    public bool? IsActive { get; init; }
}

internal sealed class AccessInputValidator : AbstractValidator<AccessInput>
{
    public AccessInputValidator()
    {
        RuleFor(c => c.Role).Required();
        RuleFor(c => c.IsActive).Required();
    }
}

/// <summary>Promotes, demotes, deactivates or activates an account.</summary>
internal sealed record ReviseAccess(Guid Id, MergePatch Patch, IfMatch IfMatch) : IStepwiseCommand<AdminUserDto>;

internal sealed class ReviseAccessHandler(
    IAutoCommitDatabase database,
    IValidator<AccessInput> validator,
    SessionStates sessions,
    TimeProvider clock
) : IRequestHandler<ReviseAccess, Result<AdminUserDto>>
{
    public async Task<Result<AdminUserDto>> Handle(ReviseAccess request, CancellationToken cancellationToken)
    {
        if (await FindAsync(request.Id, cancellationToken) is not { } user)
        {
            return IdentityErrors.UserNotFound;
        }

        if (!request.IfMatch.Matches(user.Version))
        {
            return Error.PreconditionFailed;
        }

        var merged = request.Patch.ApplyTo(new AccessInput { Role = user.Role, IsActive = user.IsActive });
        if (!merged.IsSuccess)
        {
            return merged.Error;
        }

        var validation = await validator.ValidateAsync(merged.Value, cancellationToken);
        if (!validation.IsValid)
        {
            return validation.ToError();
        }

        try
        {
            // Only what the patch names is written, so that two administrators who change different things both get their way.
            var changed = await database.QueryAsync<bool>(
                """
                select identity.change_access(id, @role, @isActive, @now)
                from identity.users
                where id = @id and (@version is null or revision = @version)
                """,
                new
                {
                    request.Id,
                    role = request.Patch.Touches("role") ? WireName.Of(merged.Value.Role!.Value) : null,
                    isActive = request.Patch.Touches("isActive") ? merged.Value.IsActive : null,
                    now = clock.UtcNow(),
                    version = request.IfMatch.IsGiven ? (long?)user.Version : null,
                },
                cancellationToken
            );
            if (changed.Count == 0)
            {
                return request.IfMatch.IsGiven ? Error.PreconditionFailed : IdentityErrors.UserNotFound;
            }
        }
        catch (PostgresException refusal) when (refusal.ConstraintName == "users_last_administrator")
        {
            return IdentityErrors.LastAdministrator;
        }

        sessions.ForgetUser(request.Id);
        return await FindAsync(request.Id, cancellationToken) is { } now ? now : IdentityErrors.UserNotFound;
    }

    private Task<AdminUserDto?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<AdminUserDto>(
            $"select {AdminUserDto.Columns} from identity.users where id = @id",
            new { id },
            cancellationToken
        );
}

internal static class ReviseAccessEndpoint
{
    public static void Map(RouteGroupBuilder users) =>
        users
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<AccessInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseAccess(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseAccess))
            .WithSummary("Change an account's role, or deactivate it")
            .RequireAdmin()
            .Produces<AdminUserDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
