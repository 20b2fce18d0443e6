using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>The vocabulary of tests of what is mailed: an installation of its own, with a mail server. Its users stay, so each test makes its own.</summary>
[Category("Api")]
internal abstract class MailTest
{
    private const string Password = "correct horse battery staple";

    private TestNode _node = null!;
    private HttpClient _http = null!;

    protected MailSink Sink { get; private set; } = null!;

    /// <summary>Sees what is really stored.</summary>
    protected string Superuser { get; private set; } = null!;

    protected ApiClient Anonymous => new(_http);

    [OneTimeSetUp]
    public async Task StartInstallation()
    {
        Sink = new MailSink();
        (_node, Superuser) = await TestRun.Server.StartInstallationAsync(
            $"mail_{Guid.CreateVersion7():N}",
            [
                "--CryptoBeacon:Smtp:Host=127.0.0.1",
                $"--CryptoBeacon:Smtp:Port={Sink.Port}",
                "--CryptoBeacon:Smtp:From=Crypto Beacon <beacon@installation.example>",
                .. await SettingsAsync(),
            ]
        );
        _http = new HttpClient { BaseAddress = new Uri(_node.Urls.First()) };
    }

    [OneTimeTearDown]
    public async Task StopInstallation()
    {
        _http.Dispose();
        await _node.DisposeAsync();
        await Sink.DisposeAsync();
    }

    /// <summary>What the installation is told besides.</summary>
    protected virtual Task<string[]> SettingsAsync() => Task.FromResult(Array.Empty<string>());

    protected static string NewAddress() => $"{Guid.CreateVersion7():N}@tests.example";

    protected Task<ApiUser> SignUpAsync(string? email = null) => ApiUser.SignUpAsync(_http, email);

    protected Task<ApiUser> SignInAsync(ApiUser user, string? password = null) =>
        ApiUser.SignInAsync(_http, user.Email, password ?? Password);

    protected Task<ApiUser> AdminAsync() => ApiUser.SignInAsync(_http, TestServer.AdminEmail, TestServer.AdminPassword);

    /// <summary>The token of the mail that lets one choose a new password.</summary>
    protected async Task<string> ForgetAsync(string email)
    {
        (await Anonymous.PostAsync("/auth/password/forgot", new { email })).ShouldBe(202);
        return (await Sink.NextAsync(email, "Choose a new password")).Token;
    }

    protected Task<ApiResponse> ResetAsync(string token, string newPassword) =>
        Anonymous.PostAsync("/auth/password/reset", new { token, newPassword });

    protected Task<ApiResponse> VerifyAsync(string token) => Anonymous.PostAsync("/auth/email/verify", new { token });

    protected Task RunJobAsync(string name) =>
        _node.App.Services.GetRequiredService<JobHost>().RunAsync(name, null, CancellationToken.None);

    protected async Task<T?> StoredAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }
}
