using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class FirstAdministratorTests : ApiTest
{
    private const string Password = "another horse, another stable";

    [Test]
    public async Task A_start_makes_the_configured_administrator_and_never_changes_one()
    {
        await StartAndStopAsync(
            "--CryptoBeacon:Admin:Email=second@tests.example",
            $"--CryptoBeacon:Admin:Password={Password}"
        );
        await StartAndStopAsync(
            "--CryptoBeacon:Admin:Email=SECOND@tests.example",
            "--CryptoBeacon:Admin:Password=an entirely new password"
        );

        var admin = await ApiUser.SignInAsync(TestRun.Server.Client, "second@tests.example", Password);
        (await admin.GetAsync("/admin/users")).ShouldBe(200);
    }

    [Test]
    public async Task A_user_is_not_promoted_by_a_start()
    {
        var user = await SignUpAsync();

        await StartAndStopAsync(
            $"--CryptoBeacon:Admin:Email={user.Email}",
            $"--CryptoBeacon:Admin:Password={Password}"
        );

        Assert.That((await user.GetAsync("/me"))["role"], Is.EqualTo("user"));
    }

    [TestCase("--CryptoBeacon:Admin:Password=too short", "CryptoBeacon:Admin:Password")]
    [TestCase("--CryptoBeacon:Admin:Email=nobody", "CryptoBeacon:Admin:Email")]
    [TestCase("--CryptoBeacon:Jwt:SigningKeys:a=nonsense", "CryptoBeacon:Jwt:SigningKeys:a")]
    public void What_is_wrong_in_the_configuration_stops_the_start_with_its_key(string setting, string key) =>
        Assert.That(
            () => StartAndStopAsync(setting),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(key)
        );

    [Test]
    public async Task The_owner_makes_administrators_with_a_password_of_their_own_or_a_random_one()
    {
        var administrators = TestRun.Server.Server.App.Services.GetRequiredService<IAdministrators>();
        await using var owner = new NpgsqlConnection(TestRun.Server.OwnerConnectionString);
        await owner.OpenAsync();

        var made = await administrators.CreateAsync(owner, "third@tests.example", password: null, default);
        var again = await administrators.CreateAsync(owner, "third@tests.example", Password, default);
        var weak = await administrators.CreateAsync(owner, "fourth@tests.example", "short", default);

        await ApiUser.SignInAsync(TestRun.Server.Client, "third@tests.example", made.Value);
        Assert.That(again.Error?.Code, Is.EqualTo("email_taken"));
        Assert.That(weak.Error?.Fields.Keys, Is.EqualTo(new[] { "password" }));
    }

    private static async Task StartAndStopAsync(params string[] settings)
    {
        await using var server = await TestRun.Server.StartAnotherAsync(settings);
        await server.App.StopAsync();
    }
}
