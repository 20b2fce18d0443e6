using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class RegisterTests : ApiTest
{
    private const string Password = "correct horse battery staple";

    [Test]
    public async Task An_account_is_made_and_shown()
    {
        var answer = await Anonymous.PostAsync(
            "/auth/register",
            new
            {
                email = " Bob@Tests.example ",
                password = Password,
                displayName = "Bob",
            }
        );

        answer.ShouldBe(201);
        Assert.That(answer.Location, Is.EqualTo("/api/v1/me"));
        Assert.That(answer["email"], Is.EqualTo("Bob@Tests.example"));
        Assert.That(answer["displayName"], Is.EqualTo("Bob"));
        Assert.That(answer["role"], Is.EqualTo("user"));
        Assert.That(answer.Text, Does.Not.Contain("password"));
    }

    [Test]
    public async Task An_address_is_taken_once_whatever_its_case()
    {
        await ApiUser.SignUpAsync(TestRun.Server.Client, "carol@tests.example");

        (await RegisterAsync("CAROL@tests.example")).ShouldRefuse(409, "email_taken");
    }

    [Test]
    public async Task Of_twenty_at_once_one_gets_the_address()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RegisterAsync("dave@tests.example")));

        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(answer => (int)answer.Status == 409), Is.EqualTo(19));
    }

    [TestCase("""{}""", "email")]
    [TestCase("""{}""", "password")]
    [TestCase("""{"email":"nobody","password":"correct horse battery staple"}""", "email")]
    [TestCase("""{"email":7,"password":"correct horse battery staple"}""", "email")]
    [TestCase("""{"email":"a\u0000@b.example","password":"correct horse battery staple"}""", "email")]
    [TestCase("""{"email":"a@b.example","password":"fourteen chars"}""", "password")]
    [TestCase("""{"email":"a@b.example","password":"qwertyuiopasdfghjkl"}""", "password")]
    [TestCase("""{"email":"horse@b.example","password":"correct horse battery staple"}""", "password")]
    [TestCase("""{"email":"a@b.example","password":"correct horse battery staple","displayName":""}""", "displayName")]
    [TestCase("""{"email":"a@b.example","password":"correct horse battery staple","role":"admin"}""", "role")]
    [TestCase(
        """{"email":"a@b.example","password":"correct horse battery staple","id":"0198f000-0000-7000-8000-000000000001"}""",
        "id"
    )]
    [TestCase("""{"email":"a@b.example","password":"correct horse battery staple","isActive":true}""", "isActive")]
    public async Task Bad_input_is_named_and_makes_nobody(string body, string field)
    {
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/register", body)).ShouldNameField(field);

        Assert.That(
            await StoredAsync<long>("select count(*) from identity.users where role = 'user' and not is_system"),
            Is.Zero
        );
    }

    [Test]
    public async Task A_password_is_taken_to_the_letter_and_stored_as_a_hash()
    {
        await Anonymous.PostAsync("/auth/register", new { email = "erin@tests.example", password = $" {Password} " });

        (await Anonymous.PostAsync("/auth/login", new { email = "erin@tests.example", password = Password })).ShouldBe(
            401
        );
        (
            await Anonymous.PostAsync("/auth/login", new { email = "erin@tests.example", password = $" {Password} " })
        ).ShouldBe(200);
        Assert.That(
            await StoredAsync<string>("select password_hash from identity.users where email = 'erin@tests.example'"),
            Does.StartWith("$argon2id$v=19$m=19456,t=2,p=1$")
        );
    }

    private static Task<ApiResponse> RegisterAsync(string email) =>
        Anonymous.PostAsync("/auth/register", new { email, password = Password });
}
