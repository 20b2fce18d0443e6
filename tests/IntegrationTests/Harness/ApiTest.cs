using Npgsql;
using NUnit.Framework.Interfaces;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>The vocabulary of tests that speak HTTP to the server, each on an empty database.</summary>
[Category("Api")]
internal abstract class ApiTest
{
    /// <summary>Somebody who is not signed in.</summary>
    protected static ApiClient Anonymous => new(TestRun.Server.Client);

    [SetUp]
    public Task StartFromNothing()
    {
        TestServer.Faults.Clear();
        return TestRun.Server.ResetAsync();
    }

    [TearDown]
    public void ShowFaults()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            TestServer.Faults.Show();
        }
    }

    /// <summary>A new user, signed in.</summary>
    protected static Task<ApiUser> SignUpAsync() => ApiUser.SignUpAsync(TestRun.Server.Client);

    /// <summary>The administrator of the installation, signed in.</summary>
    protected static Task<ApiUser> AdminAsync() =>
        ApiUser.SignInAsync(TestRun.Server.Client, TestServer.AdminEmail, TestServer.AdminPassword);

    /// <summary>What is really stored, seen as the superuser.</summary>
    protected static async Task<T?> StoredAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Asks again until the answer is as wanted; fails with the last answer after ten seconds.</summary>
    internal static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(10));
        while (true)
        {
            var answer = await ask();
            if (isWanted(answer))
            {
                return answer;
            }

            if (deadline.IsCancellationRequested)
            {
                Assert.Fail($"It did not become so in time. The last answer: {answer}");
            }

            await Task.Delay(25);
        }
    }
}
