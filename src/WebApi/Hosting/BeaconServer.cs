using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure;
using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.WebApi.Administration;
using CryptoBeacon.WebApi.Http;
using CryptoBeacon.WebApi.OpenApi;
using CryptoBeacon.WebApi.Operations;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CryptoBeacon.WebApi.Hosting;

/// <summary>The server: its database made ready, its services, its pipeline. Disposing it ends an embedded cluster, too.</summary>
public sealed partial class BeaconServer : IAsyncDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const int MaxJsonBody = 4 * 1024 * 1024;

    private readonly ServerDatabase _database;

    private BeaconServer(WebApplication app, ServerDatabase database)
    {
        App = app;
        _database = database;
    }

    public WebApplication App { get; }

    public IEnumerable<string> Urls => App.Urls;

    /// <param name="args">Command line configuration, such as <c>--urls</c>.</param>
    /// <param name="configure">Replaces services: for tests.</param>
    /// <exception cref="ConfigurationException">The configuration is not valid.</exception>
    /// <exception cref="Infrastructure.EmbeddedPostgres.EmbeddedPostgresException">The embedded database can't be started.</exception>
    public static async Task<BeaconServer> CreateAsync(
        string[] args,
        ServerRole role,
        Action<WebApplicationBuilder>? configure,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        configure?.Invoke(builder);
        var options = BeaconConfiguration.Read(builder.Configuration);
        AddLogging(builder.Logging, builder.Environment);

        using var logging = LoggerFactory.Create(logs =>
            AddLogging(
                logs.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole(),
                builder.Environment
            )
        );
        var database = new ServerDatabase(builder.Configuration, options);
        var steps = new StartSteps(logging.CreateLogger<BeaconServer>());
        // Beside each other: the database's start is mostly waiting, the application's mostly compiling.
        var opening = Task.Run(() => OpenAsync(database, logging, cancellationToken), cancellationToken);
        WebApplication? app = null;
        try
        {
            AddServices(builder, options, database, role);
            app = builder.Build();
            steps.Done("services");
            UsePipeline(app);
            steps.Done("endpoints");
            await opening;
            steps.Done("waiting for the database");
            await database.RunOwnerTasksAsync(app.Services, cancellationToken);
            steps.Done("administrator");
            if (app.Urls.Count == 0 && string.IsNullOrEmpty(builder.Configuration["urls"]))
            {
                app.Urls.Add(DefaultUrl);
            }

            return new BeaconServer(app, database);
        }
        catch (Exception exception)
        {
            // What is being started is stopped when it has started: in between there is nothing to stop it by.
            await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.Exception is { } beside && beside.InnerException != exception)
            {
                LogNotOpened(logging.CreateLogger<BeaconServer>(), beside);
            }

            if (app is not null)
            {
                await app.DisposeAsync();
            }

            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task OpenAsync(
        ServerDatabase database,
        ILoggerFactory logging,
        CancellationToken cancellationToken
    )
    {
        await database.OpenAsync(logging.CreateLogger<ServerDatabase>(), cancellationToken);
        var steps = new StartSteps(logging.CreateLogger<BeaconServer>());
        await database.PrepareAsync(cancellationToken);
        steps.Done("migrations");
    }

    /// <summary>Starts to listen, and what runs beside requests.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var steps = new StartSteps(App.Services.GetRequiredService<ILogger<BeaconServer>>());
        await App.StartAsync(cancellationToken);
        steps.Done("hosted services");
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>For machines, one JSON object a line; its scopes carry the trace id that a client was given.</summary>
    private static void AddLogging(ILoggingBuilder logs, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment())
        {
            logs.AddJsonConsole(console =>
            {
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
                console.UseUtcTimestamp = true;
                console.IncludeScopes = true;
            });
        }
    }

    private static void AddServices(
        WebApplicationBuilder builder,
        BeaconOptions options,
        ServerDatabase database,
        ServerRole role
    )
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxJsonBody;
            OversizeHeads.LeaveRoom(kestrel.Limits);
        });

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new Deployment(database.IsEmbedded, role));
        services.AddSingleton<PublicAddress>();
        services.AddInfrastructure(() => database.Connections, database.Keys);
        services.AddModules(builder.Configuration, options);
        services.AddJobStorage();
        if (role is not ServerRole.Web)
        {
            services.AddJobServer();
        }

        MediaTypes.TakeFromRouting(services);
        services.ConfigureHttpJsonOptions(json => BeaconJson.Apply(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<RequestFaults>();
        services.AddAuthentication();
        Access.AddPolicies(services.AddAuthorizationBuilder());
        services.AddAdminPages(options, database.Keys);
        services.AddApiDocument();
        services.AddSecurityHeaders(options);
        services.AddHealth(role);
        services.AddTelemetry(builder.Configuration);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context =>
            Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode)
        );
        app.UseMiddleware<OversizeHeads>();
        app.UseMiddleware<UnreadableTextGuard>();
        app.UseRoutingWithHead();
        app.UseMiddleware<OversizeBodies>();
        app.UseCors();
        app.UseAuthentication();
        app.UsePrivateAnswers();
        app.UseMiddleware<SignedInUser>();
        if (app.Services.GetRequiredService<BeaconOptions>().RateLimits.Enabled)
        {
            app.UseMiddleware<RateLimits>();
        }

        app.UseAuthorization();
        app.UseMiddleware<MediaTypes>();
        app.UseMiddleware<QueryParameters>();
        app.UseMiddleware<DashboardRequests>();
        app.UseMiddleware<IdempotencyKeys>();

        app.MapHealth();
        app.MapMetrics();
        if (app.Services.GetRequiredService<Deployment>().Role is ServerRole.Worker)
        {
            return;
        }

        app.MapApiDocument();
        app.MapDocs();
        app.MapAdminPages();
        var api = app.MapGroup("/api/v1").RequireAuthorization();
        foreach (var module in Modules.All)
        {
            module.MapEndpoints(api);
            module.MapRootEndpoints(app);
        }

        // Endpoints are made now, while the database starts, and not while the first request waits.
        app.UseEndpoints(_ => { });
        _ = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;
    }

    [LoggerMessage(LogLevel.Error, "The database could not be opened, either")]
    private static partial void LogNotOpened(ILogger logger, Exception exception);
}
