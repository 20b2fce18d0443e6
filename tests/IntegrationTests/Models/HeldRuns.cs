using Npgsql;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>As long as it lasts no run begins: what asks for one never reaches the queue.</summary>
internal sealed class HeldRuns : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private HeldRuns(NpgsqlConnection connection) => _connection = connection;

    public static async Task<HeldRuns> StartAsync()
    {
        var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand(
            """
            create function public.hold_runs() returns trigger language plpgsql as $$
            begin
                return null;
            end;
            $$;
            create trigger hold_runs before insert on hangfire.jobqueue
                for each row when (new.queue = 'computing') execute function public.hold_runs();
            """,
            connection
        );
        await create.ExecuteNonQueryAsync();
        return new HeldRuns(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await using (
            var drop = new NpgsqlCommand(
                "drop trigger hold_runs on hangfire.jobqueue; drop function public.hold_runs()",
                _connection
            )
        )
        {
            await drop.ExecuteNonQueryAsync();
        }

        await _connection.DisposeAsync();
    }
}
