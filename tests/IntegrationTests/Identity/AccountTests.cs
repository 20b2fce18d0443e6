using System.Text;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class AccountTests : ApiTest
{
    [Test]
    public async Task One_sees_oneself()
    {
        var user = await SignUpAsync();

        var me = (await user.GetAsync("/me")).ShouldBe(200);

        Assert.That(
            me.Json.AsObject().Select(member => member.Key),
            Is.EqualTo(
                new[]
                {
                    "id",
                    "email",
                    "emailVerified",
                    "displayName",
                    "role",
                    "preferences",
                    "mfaEnabled",
                    "createdAt",
                    "updatedAt",
                    "lastLogin",
                }
            )
        );
        Assert.That(me["email"], Is.EqualTo(user.Email));
        Assert.That(me.ETag, Is.Not.Null);
    }

    [Test]
    public async Task Preferences_merge_and_null_clears()
    {
        var user = await SignUpAsync();
        await user.PatchAsync(
            "/me",
            """{"displayName":"Bob","preferences":{"chart":{"kind":"candles","grid":true},"theme":"dark"}}"""
        );

        var merged = await user.PatchAsync(
            "/me",
            """{"preferences":{"chart":{"grid":null,"zoom":1.50},"theme":"light"}}"""
        );
        var cleared = await user.PatchAsync("/me", """{"displayName":null,"preferences":null}""");

        merged.ShouldBe(200);
        Assert.That(
            JsonNode.DeepEquals(
                merged.Json["preferences"],
                JsonNode.Parse("""{"chart":{"kind":"candles","zoom":1.50},"theme":"light"}""")
            ),
            Is.True,
            merged.Text
        );
        Assert.That(merged["displayName"], Is.EqualTo("Bob"));
        Assert.That(cleared["displayName"], Is.Null);
        Assert.That(cleared["preferences"], Is.EqualTo("{}"));
        Assert.That((await user.GetAsync("/me")).Json.ToJsonString(), Is.EqualTo(cleared.Json.ToJsonString()));
    }

    [Test]
    public async Task What_is_stored_can_be_patched_again()
    {
        var user = await SignUpAsync();
        (await user.PatchAsync("/me", """{"preferences":{"big":1e27,"small":1e-18}}""")).ShouldBe(200);

        (await user.PatchAsync("/me", """{"displayName":"Bob"}""")).ShouldBe(200);
    }

    [Test]
    public async Task A_new_name_leaves_preferences_that_were_never_set_unset()
    {
        var user = await SignUpAsync();

        (await user.PatchAsync("/me", """{"displayName":"Bob"}""")).ShouldBe(200);

        Assert.That(
            await StoredAsync<bool>("select preferences is null from identity.users where email = $1", user.Email),
            Is.True
        );
    }

    [TestCase("""{"role":"admin"}""", "role")]
    [TestCase("""{"id":"0198f000-0000-7000-8000-000000000001"}""", "id")]
    [TestCase("""{"email":null}""", "email")]
    [TestCase("""{"emailVerified":true}""", "emailVerified")]
    [TestCase("""{"isActive":true}""", "isActive")]
    [TestCase("""{"passwordHash":"x"}""", "passwordHash")]
    [TestCase("""{"displayName":""}""", "displayName")]
    [TestCase("""{"displayName":5}""", "displayName")]
    [TestCase("""{"displayName":"a\nb"}""", "displayName")]
    [TestCase("""{"preferences":5}""", "preferences")]
    [TestCase("""{"preferences":[1]}""", "preferences")]
    [TestCase("""{"preferences":"x"}""", "preferences")]
    [TestCase("""{"preferences":{"x":"\u0000"}}""", "preferences")]
    [TestCase("""{"preferences":{"x":1e999999}}""", "preferences")]
    [TestCase("""{"preferences":{"x":1,"x":2}}""", "preferences")]
    [TestCase("""{"preferences":{"x":"\ud800"}}""", "preferences")]
    [TestCase("""[]""", "body")]
    [TestCase("""5""", "body")]
    [TestCase("""{""", "body")]
    public async Task Bad_input_is_named_and_changes_nothing(string body, string field)
    {
        var user = await SignUpAsync();
        var before = await user.GetAsync("/me");

        (await user.SendRawAsync(HttpMethod.Patch, "/me", body)).ShouldNameField(field);

        Assert.That((await user.GetAsync("/me")).Text, Is.EqualTo(before.Text));
    }

    [Test]
    public async Task Too_much_is_refused()
    {
        var user = await SignUpAsync();
        var deep = new StringBuilder().Insert(0, "{\"a\":", 17).Append('1').Append('}', 17);

        (await user.PatchAsync("/me", $$"""{"preferences":{{deep}}}""")).ShouldNameField("preferences");
        (await user.PatchAsync("/me", new { preferences = new { x = new string('y', 17_000) } })).ShouldNameField(
            "preferences"
        );
        (await user.PatchAsync("/me", new { displayName = new string('y', 101) })).ShouldNameField("displayName");
    }

    [Test]
    public async Task Signing_in_makes_no_new_version()
    {
        var user = await SignUpAsync();
        var version = (await user.GetAsync("/me")).ETag!;

        await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);

        Assert.That((await user.GetAsync("/me")).ETag, Is.EqualTo(version));
        (await user.PatchAsync("/me", new { displayName = "first" }, ("If-Match", version))).ShouldBe(200);
        Assert.That((await user.GetAsync("/me")).ETag, Is.Not.EqualTo(version));
    }

    [Test]
    public async Task Of_two_who_know_the_same_version_one_wins()
    {
        var user = await SignUpAsync();
        var version = (await user.GetAsync("/me")).ETag!;

        (await user.PatchAsync("/me", new { displayName = "first" }, ("If-Match", version))).ShouldBe(200);
        (await user.PatchAsync("/me", new { displayName = "second" }, ("If-Match", version))).ShouldRefuse(
            412,
            "precondition_failed"
        );

        Assert.That((await user.GetAsync("/me"))["displayName"], Is.EqualTo("first"));
    }

    [Test]
    public async Task A_new_password_ends_the_other_sessions_and_the_old_password()
    {
        var user = await SignUpAsync();
        var elsewhere = await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);
        (await elsewhere.GetAsync("/me")).ShouldBe(200);
        const string newPassword = "another horse, another stable";

        (await user.PutAsync("/me/password", new { currentPassword = user.Password, newPassword })).ShouldBe(204);

        (await elsewhere.GetAsync("/me")).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/refresh", new { refreshToken = elsewhere.RefreshToken })).ShouldBe(401);
        (await user.GetAsync("/me")).ShouldBe(200);
        (await Anonymous.PostAsync("/auth/refresh", new { refreshToken = user.RefreshToken })).ShouldBe(200);
        (await Anonymous.PostAsync("/auth/login", new { email = user.Email, password = user.Password })).ShouldBe(401);
        await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, newPassword);
    }

    [Test]
    public async Task Of_two_new_passwords_at_once_one_holds_and_the_other_is_told()
    {
        var user = await SignUpAsync();
        string[] wanted = ["the first of two passwords", "the second of two passwords"];

        var answers = await Task.WhenAll(
            wanted.Select(newPassword =>
                user.PutAsync("/me/password", new { currentPassword = user.Password, newPassword })
            )
        );

        Assert.That(answers.Select(answer => (int)answer.Status), Is.EquivalentTo(new[] { 204, 400 }));
        await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, wanted[(int)answers[0].Status == 204 ? 0 : 1]);
    }

    [TestCase("not the password", "another horse, another stable", "currentPassword")]
    [TestCase("correct horse battery staple", "too short", "newPassword")]
    [TestCase("correct horse battery staple", "qwertyuiopasdfghjkl", "newPassword")]
    [TestCase("", "another horse, another stable", "currentPassword")]
    [TestCase("correct horse battery staple", null, "newPassword")]
    public async Task A_password_change_that_is_refused_names_the_field(string? current, string? wanted, string field)
    {
        var user = await SignUpAsync();

        (await user.PutAsync("/me/password", new { currentPassword = current, newPassword = wanted })).ShouldNameField(
            field
        );

        await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);
    }

    [Test]
    public async Task Guessing_the_current_password_is_throttled()
    {
        var user = await SignUpAsync();
        for (var i = 0; i < 5; i++)
        {
            await user.PutAsync(
                "/me/password",
                new { currentPassword = "not the password", newPassword = "another horse, another stable" }
            );
        }

        (
            await user.PutAsync(
                "/me/password",
                new { currentPassword = user.Password, newPassword = "another horse, another stable" }
            )
        ).ShouldBe(429);
    }
}
