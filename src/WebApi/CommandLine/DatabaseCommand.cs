using System.CommandLine;
using System.Globalization;
using CryptoBeacon.Infrastructure.Persistence.Migrations;
using CryptoBeacon.WebApi.Hosting;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary><c>db upgrade | downgrade N | status | script FROM TO</c></summary>
internal static class DatabaseCommand
{
    public static Command Create()
    {
        var number = Number("number", "The last migration to keep; 0 undoes all");
        var from = Number("from", "The migration that the database has; 0 for none");
        var to = Number("to", "The migration that it should have");
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };

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
                    if (parsed.GetValue(number) == 0 && !parsed.GetValue(yes))
                    {
                        AskBeforeAllIsLost();
                    }

                    await migrator.DowngradeAsync(parsed.GetValue(number), cancellationToken);
                    await PrintStatusAsync(migrator, cancellationToken);
                },
                yes
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
        Func<DatabaseMigrator, ParseResult, CancellationToken, Task> work,
        params Option[] options
    )
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        foreach (var argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var builder = WebApplication.CreateBuilder([.. parsed.UnmatchedTokens]);
                using var logging = LoggerFactory.Create(logs => logs.AddConsole());
                await using var database = new ServerDatabase(
                    builder.Configuration,
                    BeaconConfiguration.Read(builder.Configuration)
                );
                await database.OpenAsync(logging.CreateLogger<ServerDatabase>(), cancellationToken);
                try
                {
                    await work(database.Migrator, parsed, cancellationToken);
                    return 0;
                }
                catch (ArgumentOutOfRangeException exception)
                {
                    throw new OperationRefusedException(
                        $"There is no migration {exception.ActualValue}; db status lists them."
                    );
                }
            }
        );
        return command;
    }

    private static Argument<int> Number(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    argument.AddError($"{text} is no migration's number; db status lists them.");
                }

                return number;
            },
        };

    /// <summary>A script that says so means it; a person may have meant another database.</summary>
    private static void AskBeforeAllIsLost()
    {
        if (Console.IsInputRedirected)
        {
            return;
        }

        Console.Write("This drops every table with all that is in it. Type yes to go on: ");
        if (Console.ReadLine()?.Trim() != "yes")
        {
            throw new OperationRefusedException("Nothing was changed.");
        }
    }

    private static async Task PrintStatusAsync(DatabaseMigrator migrator, CancellationToken cancellationToken)
    {
        foreach (var (id, applied) in await migrator.StatusAsync(cancellationToken))
        {
            await Console.Out.WriteLineAsync($"{(applied ? "applied" : "pending")}  {id}");
        }
    }
}
