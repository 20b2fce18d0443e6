using System.Net;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.IntegrationTests.Identity;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>The administrators' pages, as HTTP shows them; what a browser makes of them is in <see cref="DashboardTests"/>.</summary>
internal sealed class AdminPagesTests : ApiTest
{
    [Test]
    public async Task A_stranger_is_led_to_the_sign_in()
    {
        using var browser = new Browser(TestRun.Server.Address);
        var answer = await browser.GetAsync("/hangfire");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("/admin/login?ReturnUrl=%2Fhangfire"));
    }

    [TestCase("/hangfire/jobs/details/abc", 404)]
    [TestCase("/hangfire/jobs/details/99999999999999999999", 404)]
    [TestCase("/hangfire/jobs/details/1", 200)]
    [TestCase("/hangfire/stats", 405)]
    public async Task What_the_job_dashboard_would_fail_on_is_refused(string path, int status)
    {
        using var browser = new Browser(TestRun.Server.Address);
        await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);

        Assert.That((int)(await browser.GetAsync(path)).StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task A_bearer_token_does_not_open_it()
    {
        var admin = await AdminAsync();
        (await admin.GetAsync("~/hangfire")).ShouldBe(200);
        Assert.That((await admin.GetAsync("~/hangfire")).Text, Does.Contain("Sign in"));
    }

    [Test]
    public async Task An_administrator_signs_in_and_out()
    {
        using var browser = new Browser(TestRun.Server.Address);
        var answer = await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);

        Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("/admin"));
        Assert.That(
            answer
                .Headers.GetValues("Set-Cookie")
                .Single(cookie => cookie.StartsWith("crypto-beacon-admin=", StringComparison.Ordinal)),
            Does.Contain("httponly").And.Contain("samesite=strict").And.Contain("max-age=1800")
        );
        Assert.That((await browser.GetAsync("/hangfire")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await browser.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        await browser.SubmitAsync("/admin", "/admin/logout", []);
        Assert.That((await browser.GetAsync("/hangfire")).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_copied_cookie_is_worth_nothing_after_the_sign_out()
    {
        using var browser = new Browser(TestRun.Server.Address);
        await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);
        using var thief = browser.Copy();
        await browser.SubmitAsync("/admin", "/admin/logout", []);

        Assert.That((await thief.GetAsync("/hangfire")).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task Nobody_else_signs_in()
    {
        var ada = await SignUpAsync();
        using var browser = new Browser(TestRun.Server.Address);

        foreach (
            var (email, password) in new[]
            {
                (ada.Email, ada.Password),
                (TestServer.AdminEmail, "a wrong password of some length"),
                ("no address", "x"),
                ("", ""),
            }
        )
        {
            var answer = await browser.SignInAsync(email, password);
            Assert.That(
                answer.StatusCode,
                Is.EqualTo(HttpStatusCode.Unauthorized),
                $"as {email}: {await answer.Content.ReadAsStringAsync()}"
            );
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("There is no administrator"));
        }

        Assert.That((await browser.GetAsync("/hangfire")).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task After_five_wrong_passwords_one_is_told_when_to_come_back()
    {
        using var browser = new Browser(TestRun.Server.Address);
        for (var i = 0; i < 5; i++)
        {
            await browser.SignInAsync(TestServer.AdminEmail, "a wrong password of some length");
        }

        var answer = await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(answer.Headers.RetryAfter?.Delta?.TotalSeconds, Is.InRange(1, 30));
    }

    [Test]
    public async Task With_a_second_factor_on_the_password_alone_opens_nothing()
    {
        var admin = await AdminAsync();
        var app = await Authenticator.SwitchOnAsync(admin);
        using var browser = new Browser(TestRun.Server.Address);

        var asked = await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, "/hangfire");
        Assert.That(asked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await browser.GetAsync("/hangfire")).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));

        var refused = await browser.SubmitAsync(asked, "/admin/login", new() { ["code"] = app.WrongCode });
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        var letIn = await browser.SubmitAsync(refused, "/admin/login", new() { ["code"] = app.NextCode });
        Assert.That(letIn.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await browser.GetAsync("/hangfire")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_token_for_a_code_that_means_nothing_leads_back_to_the_password()
    {
        using var browser = new Browser(TestRun.Server.Address);
        var answer = await browser.SubmitAsync(
            "/admin/login",
            "/admin/login",
            new() { ["mfaToken"] = "x\"y", ["code"] = "123456" }
        );

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("name=\"password\""));
    }

    [Test]
    public async Task A_form_from_elsewhere_is_refused()
    {
        using var browser = new Browser(TestRun.Server.Address);
        var answer = await browser.PostAsync(
            "/admin/login",
            new() { ["email"] = TestServer.AdminEmail, ["password"] = TestServer.AdminPassword }
        );
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Nobody_is_signed_out_by_a_form_from_elsewhere()
    {
        using var browser = new Browser(TestRun.Server.Address);
        await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);

        var answer = await browser.PostAsync("/admin/logout", []);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await browser.GetAsync("/admin")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_form_that_cannot_be_read_is_refused()
    {
        using var browser = new Browser(TestRun.Server.Address);
        Assert.That((await browser.SignInAsync("\0", "")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task It_leads_nowhere_else()
    {
        using var browser = new Browser(TestRun.Server.Address);
        var answer = await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, "//evil.example");
        Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("/admin"));
    }

    [Test]
    public async Task The_pages_run_no_script_in_place()
    {
        using var browser = new Browser(TestRun.Server.Address);
        await browser.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword);
        foreach (var path in new[] { "/admin", "/admin/login", "/hangfire", "/docs/" })
        {
            var policy = string.Join(";", (await browser.GetAsync(path)).Headers.GetValues("Content-Security-Policy"));
            Assert.That(
                policy,
                Does.Contain("default-src 'none'")
                    .And.Not.Contain("unsafe-eval")
                    .And.Not.Match("script-src[^;]*unsafe-inline"),
                path
            );
        }
    }
}
