using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Infrastructure.Jobs;

internal sealed class WorkerScopes(IServiceScopeFactory scopes) : IWorkerScopes
{
    public AsyncServiceScope Create()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<DbSession>().Login = DatabaseLogin.Worker;
        return scope;
    }

    public AsyncServiceScope CreateFor(Guid userId)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICurrentUserSetter>().Set(userId, isAdmin: false, sessionId: null);
        return scope;
    }
}
