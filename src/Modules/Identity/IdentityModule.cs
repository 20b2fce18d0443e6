using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Identity.Features;
using CryptoBeacon.Identity.Jobs;
using CryptoBeacon.Identity.Persistence;
using CryptoBeacon.Identity.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Identity;

public sealed class IdentityModule : IModule
{
    public string Name => "identity";

    public IEnumerable<JobDefinition> Jobs =>
        [
            JobDefinition.Of<PurgeExpiredJob>("identity.purge_expired", cron: "17 3 * * *"),
            JobDefinition.Of<SendMailJob>(SendMailJob.Name),
        ];

    public IEnumerable<SealedColumn> SealedColumns =>
        [
            MfaMethods.Secret,
            NotificationChannels.WebhookSecret,
            NotificationChannels.PreviousWebhookSecret,
            NotificationChannels.PushToken,
        ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer()
            .AddScheme<AuthenticationSchemeOptions, PersonalAccessTokenChecks>(PersonalAccessTokens.Scheme, null);
        services.ConfigureOptions<AccessTokenChecks>();
        // A signing key that can't be read stops the start.
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).ValidateOnStart();

        services
            .AddSingleton<IdentitySecret>()
            .AddSingleton<SigningKeys>()
            .AddSingleton<IKeyRing>(provider => provider.GetRequiredService<SigningKeys>())
            .AddSingleton<AccessTokens>()
            .AddSingleton<RememberedTokens>()
            .AddSingleton<RefreshTokens>()
            .AddSingleton<PasswordHasher>()
            .AddSingleton<ThrottleKeys>()
            .AddSingleton<SessionStates>()
            .AddSingleton<MailedTokens>()
            .AddSingleton<UnsubscribeTokens>()
            .AddScoped<Mails>()
            .AddScoped<MailAllowance>()
            .AddSingleton<INotificationChannels, NotificationChannels>()
            .AddScoped<Accounts>()
            .AddScoped<PasswordAttempts>()
            .AddScoped<MfaMethods>()
            .AddScoped<SecondFactor>()
            .AddScoped<SessionOpening>()
            .AddScoped<IAdministratorSignIn, AdministratorSignIn>()
            .AddSingleton<FirstAdministrator>()
            .AddSingleton<IOwnerTask>(provider => provider.GetRequiredService<FirstAdministrator>())
            .AddSingleton<IAdministrators>(provider => provider.GetRequiredService<FirstAdministrator>());
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Identity").AllowAnonymous().AddEndpointFilter(NeverStored);
        RegisterEndpoint.Map(auth);
        LoginEndpoint.Map(auth);
        AnswerMfaEndpoint.Map(auth);
        RefreshEndpoint.Map(auth);
        LogoutEndpoint.Map(auth);
        VerifyEmailEndpoint.Map(auth);
        ForgetPasswordEndpoint.Map(auth);
        ResetPasswordEndpoint.Map(auth);

        var me = api.MapGroup("/me").WithTags("Identity");
        GetMeEndpoint.Map(me);
        ReviseMeEndpoint.Map(me);
        EraseMeEndpoint.Map(me);
        ExportMeEndpoint.Map(me);
        ChangePasswordEndpoint.Map(me);
        RequestVerificationEndpoint.Map(me);
        GetNotificationChannelsEndpoint.Map(me);
        SetNotificationChannelsEndpoint.Map(me);
        ListSessionsEndpoint.Map(me);
        EndSessionsEndpoint.Map(me);
        ListMyAuditEndpoint.Map(me);

        var mfa = me.MapGroup("/mfa").AddEndpointFilter(NeverStored);
        ProposeTotpEndpoint.Map(mfa);
        ConfirmTotpEndpoint.Map(mfa);
        RenewRecoveryCodesEndpoint.Map(mfa);
        RemoveTotpEndpoint.Map(mfa);

        var tokens = me.MapGroup("/tokens").AddEndpointFilter(NeverStored);
        ListTokensEndpoint.Map(tokens);
        GetTokenEndpoint.Map(tokens);
        CreateTokenEndpoint.Map(tokens);
        DeleteTokenEndpoint.Map(tokens);

        UnsubscribeEndpoint.Map(api);

        var users = api.MapGroup("/admin/users").WithTags("Identity");
        ListUsersEndpoint.Map(users);
        ReviseAccessEndpoint.Map(users);

        var audit = api.MapGroup("/admin/audit").WithTags("Identity");
        SearchAuditEndpoint.Map(audit);
        VerifyAuditEndpoint.Map(audit);
        GetAuditVerificationEndpoint.Map(audit);
    }

    public void MapRootEndpoints(IEndpointRouteBuilder root) => ListSigningKeysEndpoint.Map(root);

    /// <summary>Answers with tokens are for the client alone, not for what lies between (RFC 6749, section 5.1).</summary>
    private static ValueTask<object?> NeverStored(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
