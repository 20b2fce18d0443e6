using System.CommandLine;
using CryptoBeacon.Infrastructure.Persistence.Migrations;
using CryptoBeacon.WebApi.Hosting;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary><c>db upgrade | downgrade N | status | script FROM TO</c></summary>
internal static class DatabaseCommand
{
    public static Command Create()
    {
        var number = new Argument<int>("number") { Description = "The last migration to keep; 0 undoes all" };
        var from = new Argument<int>("from") { Description = "The migration that the database has; 0 for none" };
        var to = new Argument<int>("to") { Description = "The migration that it should have" };

        return new Command("db", "Look after the database's schema.")
        {
            Action(
                "upgrade",
                "Bring the schema to this version's",
                [],
                async (migrator, _, cancellationToken) =>
                {
                    await migrator.UpgradeAsync(cancellationToken);
                    await PrintStatusAsync(migrator, cancellationToken);
                }
            ),
            Action(
                "downgrade",
                "Undo migrations, the newest first",
                [number],
                async (migrator, parsed, cancellationToken) =>
                {
                    await migrator.DowngradeAsync(parsed.GetValue(number), cancellationToken);
                    await PrintStatusAsync(migrator, cancellationToken);
                }
            ),
            Action(
                "status",
                "Show which migrations the database has",
                [],
                (migrator, _, cancellationToken) => PrintStatusAsync(migrator, cancellationToken)
            ),
            Action(
                "script",
                "Print the SQL between two migrations",
                [from, to],
                async (migrator, parsed, _) =>
                    await Console.Out.WriteLineAsync(
                        await migrator.ScriptAsync(parsed.GetValue(from), parsed.GetValue(to))
                    )
            ),
        };
    }

    private static Command Action(
        string name,
        string description,
        Argument<int>[] arguments,
        Func<DatabaseMigrator, ParseResult, CancellationToken, Task> work
    )
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        foreach (var argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var builder = WebApplication.CreateBuilder([.. parsed.UnmatchedTokens]);
                using var logging = LoggerFactory.Create(logs => logs.AddConsole());
                await using var database = await ServerDatabase.OpenAsync(
                    builder.Configuration,
                    BeaconConfiguration.Read(builder.Configuration),
                    logging.CreateLogger<ServerDatabase>(),
                    cancellationToken
                );
                try
                {
                    await work(database.Migrator, parsed, cancellationToken);
                    return 0;
                }
                catch (ArgumentOutOfRangeException exception)
                {
                    throw new OperationRefusedException(exception.Message);
                }
            }
        );
        return command;
    }

    private static async Task PrintStatusAsync(DatabaseMigrator migrator, CancellationToken cancellationToken)
    {
        foreach (var (id, applied) in await migrator.StatusAsync(cancellationToken))
        {
            await Console.Out.WriteLineAsync($"{(applied ? "applied" : "pending")}  {id}");
        }
    }
}
