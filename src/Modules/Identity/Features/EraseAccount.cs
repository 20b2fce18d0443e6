using CryptoBeacon.Identity.Domain;
using Npgsql;

namespace CryptoBeacon.Identity.Features;

/// <summary>What <see cref="EraseMe"/> does once it is known who asks. All that refers to the user goes with them, by the database's own cascades.</summary>
internal sealed record EraseAccount(Guid UserId) : ICommand;

internal sealed class EraseAccountHandler(IWriteDatabase database) : IRequestHandler<EraseAccount, Result>
{
    public async Task<Result> Handle(EraseAccount request, CancellationToken cancellationToken)
    {
        try
        {
            await database.ExecuteAsync(
                "delete from identity.users where id = @UserId",
                new { request.UserId },
                cancellationToken
            );
            return Result.Success;
        }
        catch (PostgresException refusal) when (refusal.ConstraintName == "users_last_administrator")
        {
            return IdentityErrors.LastAdministrator;
        }
    }
}
