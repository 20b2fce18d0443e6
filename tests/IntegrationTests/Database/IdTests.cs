using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Database;

internal sealed class IdTests
{
    [Test]
    public async Task Ids_made_in_SQL_are_of_version_7_of_now_and_random_in_every_other_bit()
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        var (made, from, to) = await connection.QuerySingleAsync<(Guid[], DateTime, DateTime)>(
            """
            with start as materialized (select date_trunc('milliseconds', clock_timestamp()) as at),
                made as materialized (select array(select platform.uuid_v7() from start, generate_series(1, 10000)) as ids)
            select made.ids, start.at, clock_timestamp() from start, made
            """
        );

        Assert.That(made, Is.Unique);
        Assert.That(made.Select(id => (id.Version, id.Variant >> 2)), Is.All.EqualTo((7, 2)));
        var bytes = made.Select(id => id.ToByteArray(bigEndian: true)).ToList();
        foreach (var id in bytes)
        {
            var milliseconds = Convert.ToInt64(Convert.ToHexString(id, 0, 6), 16);
            Assert.That(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime, Is.InRange(from, to));
        }

        var fixedBits = Enumerable.Range(0, 52).Concat([64, 65]);
        foreach (var bit in Enumerable.Range(0, 128).Except(fixedBits))
        {
            var set = bytes.Count(id => (id[bit / 8] & 128 >> bit % 8) != 0);
            // Half of them, give or take eight standard deviations.
            Assert.That(set, Is.InRange(4_600, 5_400), $"bit {bit}");
        }
    }
}
