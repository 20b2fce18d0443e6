using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Infrastructure;
using CryptoBeacon.WebApi.Hosting;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary>What a command that serves nobody works with: the database of the configuration, migrated, and the modules' services.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly ILoggerFactory _logging = LoggerFactory.Create(logs => logs.AddConsole());
    private readonly ServiceProvider _services;

    private CommandHost(string[] arguments)
    {
        var configuration = WebApplication.CreateBuilder(arguments).Configuration;
        var options = BeaconConfiguration.Read(configuration);
        Database = new ServerDatabase(configuration, options);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(options)
            .AddSingleton(new Deployment(Database.IsEmbedded, ServerRole.Worker))
            .AddInfrastructure(() => Database.Connections, Database.Keys)
            .AddModules(configuration, options)
            .BuildServiceProvider();
    }

    public ServerDatabase Database { get; }

    public IServiceProvider Services => _services;

    /// <param name="arguments">What configuration the command line carries.</param>
    public static async Task<CommandHost> OpenAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var host = new CommandHost(arguments);
        try
        {
            await host.Database.OpenAsync(host._logging.CreateLogger<ServerDatabase>(), cancellationToken);
            await host.Database.PrepareAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
        _logging.Dispose();
    }
}
