using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class AdministrationTests : ApiTest
{
    private const string Nobody = "0198f000-0000-7000-8000-000000000001";
    private const string System = "00000000-0000-7000-8000-000000000001";

    [Test]
    public async Task An_administrator_sees_everybody_but_the_systems_own_account()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());

        var emails = (await admin.GetAsync("/admin/users")).Items.Select(item => item!["email"]!.ToString());

        Assert.That(emails, Is.EqualTo(new[] { TestServer.AdminEmail, user.Email }));
    }

    [Test]
    public async Task Everybody_else_is_refused()
    {
        var user = await SignUpAsync();

        (await user.GetAsync("/admin/users")).ShouldRefuse(403, "forbidden");
        (await user.PatchAsync($"/admin/users/{await IdAsync(user)}", new { role = "admin" })).ShouldRefuse(
            403,
            "forbidden"
        );
        (await Anonymous.GetAsync("/admin/users")).ShouldBe(401);
    }

    [Test]
    public async Task A_promotion_and_a_demotion_take_effect_at_once()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());
        var path = $"/admin/users/{await IdAsync(user)}";
        (await user.GetAsync("/admin/users")).ShouldBe(403);

        (await admin.PatchAsync(path, new { role = "admin" })).ShouldBe(200);
        (await user.GetAsync("/admin/users")).ShouldBe(200);
        (await admin.PatchAsync(path, new { role = "user" })).ShouldBe(200);

        (await user.GetAsync("/admin/users")).ShouldBe(403);
    }

    [Test]
    public async Task A_deactivated_user_is_out_at_once_and_back_when_activated()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());
        var path = $"/admin/users/{await IdAsync(user)}";

        Assert.That(
            (await admin.PatchAsync(path, new { isActive = false })).ShouldBe(200)["isActive"],
            Is.EqualTo("false")
        );

        (await user.GetAsync("/me")).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBe(401);
        (await admin.PatchAsync(path, new { isActive = true })).ShouldBe(200);
        (await user.GetAsync("/me")).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBe(401);
        await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);
    }

    [Test]
    public async Task The_last_administrator_stays_one()
    {
        var admin = await AdminAsync();
        var path = $"/admin/users/{await IdAsync(admin)}";

        (await admin.PatchAsync(path, new { role = "user" })).ShouldRefuse(409, "last_administrator");
        (await admin.PatchAsync(path, new { isActive = false })).ShouldRefuse(409, "last_administrator");

        (await admin.GetAsync("/admin/users")).ShouldBe(200);
    }

    [Test]
    public async Task Of_two_who_demote_each_other_one_stays()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());
        var (adminPath, userPath) = ($"/admin/users/{await IdAsync(admin)}", $"/admin/users/{await IdAsync(user)}");
        await admin.PatchAsync(userPath, new { role = "admin" });

        await Task.WhenAll(
            admin.PatchAsync(userPath, new { role = "user" }),
            user.PatchAsync(adminPath, new { role = "user" })
        );

        Assert.That(
            await StoredAsync<long>("select count(*) from identity.users where role = 'admin' and is_active"),
            Is.EqualTo(1)
        );
        await StoredAsync<int>("update identity.users set role = 'admin' where email = $1", TestServer.AdminEmail);
    }

    [TestCase("""{"role":"god"}""", "role")]
    [TestCase("""{"role":null}""", "role")]
    [TestCase("""{"role":1}""", "role")]
    [TestCase("""{"isActive":"yes"}""", "isActive")]
    [TestCase("""{"isActive":null}""", "isActive")]
    [TestCase("""{"email":"other@tests.example"}""", "email")]
    [TestCase("""{"displayName":"x"}""", "displayName")]
    public async Task Bad_input_is_named_and_changes_nothing(string body, string field)
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());

        (await admin.PatchAsync($"/admin/users/{await IdAsync(user)}", body)).ShouldNameField(field);

        Assert.That(
            await StoredAsync<bool>(
                "select role = 'user' and is_active from identity.users where email = $1",
                user.Email
            ),
            Is.True
        );
    }

    [TestCase(Nobody)]
    [TestCase(System)]
    public async Task Who_is_not_there_is_not_changed(string id) =>
        (await (await AdminAsync()).PatchAsync($"/admin/users/{id}", new { isActive = true })).ShouldRefuse(
            404,
            "not_found"
        );

    [Test]
    public async Task A_stale_version_changes_nothing()
    {
        var (admin, user) = (await AdminAsync(), await SignUpAsync());
        var path = $"/admin/users/{await IdAsync(user)}";
        var version = (await admin.PatchAsync(path, new { isActive = true })).ETag!;

        (await admin.PatchAsync(path, new { role = "admin" }, ("If-Match", version))).ShouldBe(200);
        (await admin.PatchAsync(path, new { role = "user" }, ("If-Match", version))).ShouldRefuse(
            412,
            "precondition_failed"
        );
    }

    private static async Task<string> IdAsync(ApiUser user) => (await user.GetAsync("/me"))["id"]!;
}
