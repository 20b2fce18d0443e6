using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Mail;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Application.Privacy;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Audit;
using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.Infrastructure.Mail;
using CryptoBeacon.Infrastructure.Persistence;
using CryptoBeacon.Infrastructure.Privacy;
using CryptoBeacon.Infrastructure.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CryptoBeacon.Infrastructure;

public static class InfrastructureServices
{
    /// <param name="connections">Asked for by the first who needs the database, which may open while services are added.</param>
    public static IServiceCollection AddInfrastructure(
        this IServiceCollection services,
        Func<DatabaseConnections> connections,
        KeyFiles keys
    ) =>
        services
            .AddSingleton<ISecretStore>(keys)
            .AddSingleton<EncryptionKeys>()
            .AddSingleton<IKeyRing>(provider => provider.GetRequiredService<EncryptionKeys>())
            .AddSingleton<IFieldCipher, FieldCipher>()
            .AddSingleton<SealedColumns>()
            .AddSingleton<IOwnerTask>(provider => provider.GetRequiredService<SealedColumns>())
            .AddSingleton(_ => new DataSources(connections()))
            .AddSingleton<Notifications>()
            .AddSingleton<INotifications>(provider => provider.GetRequiredService<Notifications>())
            .AddHostedService(provider => provider.GetRequiredService<Notifications>())
            .AddScoped<CurrentUser>()
            .AddScoped<ICurrentUser>(provider => provider.GetRequiredService<CurrentUser>())
            .AddScoped<ICurrentUserSetter>(provider => provider.GetRequiredService<CurrentUser>())
            .AddScoped<DbSession>()
            .AddScoped<IUnitOfWork>(provider => provider.GetRequiredService<DbSession>())
            .AddScoped<IReadDatabase, ReadDatabase>()
            .AddScoped<IWriteDatabase, WriteDatabase>()
            .AddScoped<IAutoCommitDatabase, AutoCommitDatabase>()
            .AddScoped(typeof(IRepository<>), typeof(Repository<>))
            .AddScoped(typeof(DefaultOf<>))
            .AddScoped<Idempotency>()
            .AddScoped<IIdempotency>(provider => provider.GetRequiredService<Idempotency>())
            .AddSingleton<IWorkerScopes, WorkerScopes>()
            .AddScoped<IOutbox, Outbox>()
            .AddSingleton(MailerOf)
            .AddSingleton<NetworkTargets>()
            .AddSingleton<OutwardHttp>()
            .AddScoped<IAuditTrail, AuditTrail>()
            .AddScoped<IPersonalData, PersonalData>()
            .AddScoped<IAuditLog, AuditLog>()
            .AddSingleton(JobDefinition.Of<AppendAuditEntriesJob>(AppendAuditEntriesJob.Name, cron: "* * * * *"))
            .AddSingleton(JobDefinition.Of<CheckAuditEntriesJob>("audit.check", cron: "37 4 * * *"))
            .AddSingleton(JobDefinition.Of<VerifyAuditEntriesJob>(VerifyAuditEntriesJob.Name))
            .AddSingleton(JobDefinition.Of<ForgetAddressesJob>("audit.forget_addresses", cron: "27 3 * * *"))
            .AddSingleton(
                JobDefinition.Of<PurgeIdempotencyKeysJob>("platform.purge_idempotency_keys", cron: "7 * * * *")
            );

    private static IMailer MailerOf(IServiceProvider provider) =>
        provider.GetRequiredService<BeaconOptions>().Smtp.Host is not null
            ? ActivatorUtilities.CreateInstance<SmtpMailer>(provider)
        : provider.GetRequiredService<IHostEnvironment>().IsDevelopment()
            ? ActivatorUtilities.CreateInstance<LogMailer>(provider)
        : new NoMailer();
}
