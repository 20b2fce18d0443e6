using System.Net;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.IntegrationTests.Identity;
using Dapper;
using Microsoft.Playwright;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.Operations;

/// <summary>The administrators' pages in a real browser, which enforces their policies.</summary>
internal sealed class DashboardTests : ApiTest
{
    private const string WhateverPage = "**/*";

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private IBrowserContext _context = null!;
    private IPage _page = null!;
    private List<string> _complaints = [];

    [OneTimeSetUp]
    public async Task StartBrowser()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await HeadlessBrowser.StartAsync(_playwright);
    }

    [OneTimeTearDown]
    public async Task StopBrowser()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    [SetUp]
    public Task OpenPage() => OpenPageAsync(javaScript: true);

    [TearDown]
    public async Task ClosePage() => await _context.DisposeAsync();

    [Test]
    public async Task An_administrator_signs_in_sees_the_overview_and_signs_out()
    {
        await SignInAsync();

        await Expect(_page).ToHaveURLAsync("/admin");
        await Expect(Heading("Overview")).ToBeVisibleAsync();

        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
        await _page.GotoAsync("/hangfire");
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task It_works_without_scripts()
    {
        await _context.DisposeAsync();
        await OpenPageAsync(javaScript: false);

        await SignInAsync();

        await Expect(Heading("Overview")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Whoever_wanted_a_page_is_led_there_by_the_sign_in()
    {
        await SignInAsync("/hangfire/recurring");

        await Expect(_page).ToHaveURLAsync("/hangfire/recurring");
    }

    [Test]
    public async Task A_second_factor_is_asked_for_where_it_is_on()
    {
        var app = await Authenticator.SwitchOnAsync(await AdminAsync());
        await SignInAsync();

        await AnswerAsync(app.WrongCode);
        await Expect(_page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await AnswerAsync(app.NextCode);

        await Expect(Heading("Overview")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_wrong_password_and_somebody_who_is_no_administrator_are_told_the_same()
    {
        var ada = await SignUpAsync();
        foreach (
            var (email, password) in new[]
            {
                (TestServer.AdminEmail, "a wrong password of some length"),
                (ada.Email, ada.Password),
            }
        )
        {
            await SignInAsync(email: email, password: password);

            await Expect(_page.GetByRole(AriaRole.Alert))
                .ToHaveTextAsync("There is no administrator with this e-mail address and password.");
            Assert.That((await CookieAsync())?.Value, Is.Null.Or.Empty);
        }
    }

    [Test]
    public async Task The_cookie_is_the_browsers_alone_of_this_site_alone_and_of_thirty_minutes()
    {
        await SignInAsync();
        await Expect(Heading("Overview")).ToBeVisibleAsync();

        var cookie = (await CookieAsync())!;

        Assert.That(cookie.HttpOnly, Is.True);
        Assert.That(cookie.SameSite, Is.EqualTo(SameSiteAttribute.Strict));
        Assert.That(
            DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires) - TimeProvider.System.GetUtcNow(),
            Is.EqualTo(TimeSpan.FromMinutes(30)).Within(TimeSpan.FromMinutes(2))
        );
    }

    [Test]
    public async Task A_cookie_that_was_there_before_the_sign_in_is_not_the_sessions()
    {
        await _context.AddCookiesAsync([
            new()
            {
                Name = "crypto-beacon-admin",
                Value = "planted",
                Url = TestRun.Server.Address.ToString(),
            },
        ]);

        await SignInAsync();

        await Expect(Heading("Overview")).ToBeVisibleAsync();
        Assert.That((await CookieAsync())!.Value, Is.Not.EqualTo("planted"));
    }

    [Test]
    public async Task A_form_without_its_token_is_refused()
    {
        await _page.GotoAsync("/admin/login");
        await _page.EvalOnSelectorAsync("input[type=hidden]", "field => field.remove()");
        var answer = await _page.RunAndWaitForResponseAsync(
            () => FillInAsync(TestServer.AdminEmail, TestServer.AdminPassword),
            WhateverPage
        );

        Assert.That(answer.Status, Is.EqualTo((int)HttpStatusCode.BadRequest));
        Assert.That((await CookieAsync())?.Value, Is.Null.Or.Empty);
    }

    [Test]
    public async Task Whose_session_has_ended_or_who_was_demoted_is_out_within_a_minute()
    {
        await SignInAsync();
        await Expect(Heading("Overview")).ToBeVisibleAsync();
        var ended = _page;
        var ada = await SignUpAsync();
        await StoredAsync<object>("update identity.users set role = 'admin' where email = $1", ada.Email);
        await using var elsewhere = _context;
        await OpenPageAsync(javaScript: true);
        await SignInAsync(email: ada.Email, password: ada.Password);
        await Expect(Heading("Overview")).ToBeVisibleAsync();

        // As another server does it, of which this one is not told.
        await StoredAsync<object>(
            """
            update identity.sessions set revoked_at = now()
            where user_id = (select id from identity.users where email = $1)
            """,
            TestServer.AdminEmail
        );
        await StoredAsync<object>("update identity.users set role = 'user' where email = $1", ada.Email);

        foreach (var page in new[] { ended, _page })
        {
            await EventuallyAsync(
                async () =>
                {
                    await page.GotoAsync("/admin");
                    return new Uri(page.Url).AbsolutePath;
                },
                path => path == "/admin/login",
                TimeSpan.FromMinutes(1)
            );
        }
    }

    [Test]
    public async Task The_overview_tells_what_is_evaluated_what_waits_who_says_prices_and_what_was_checked()
    {
        var admin = await AdminAsync();
        var ada = await SignUpAsync();
        foreach (var price in new[] { "100", "200", "300" })
        {
            (
                await ada.PostAsync(
                    "/alerts",
                    new
                    {
                        coinId = "bitcoin",
                        condition = "above",
                        price,
                        currency = "USD",
                    }
                )
            ).ShouldBe(201);
        }

        var prices = new[]
        {
            new
            {
                coinId = "bitcoin",
                currency = "USD",
                price = "250",
            },
        };
        (await admin.PostAsync("/admin/market/prices", new { prices })).ShouldBe(202);
        await EventuallyAsync(
            () => StoredAsync<long>("select count(*) from api_integration.price_batches where evaluated_at is null"),
            waiting => waiting == 0
        );
        // While alerts are locked no job evaluates what comes late.
        await using var evaluation = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString);
        await evaluation.OpenAsync();
        await using var held = await evaluation.BeginTransactionAsync();
        await evaluation.ExecuteAsync("lock table alerts.alerts in exclusive mode");
        await StoredAsync<object>(
            """
            insert into api_integration.price_batches (received_at, provider) values (now() - interval '3 minutes', 'late');
            insert into audit.audit_checks (sequence, hash, checked_at) values (7, sha256(''), now() - interval '5 minutes');
            """
        );

        await SignInAsync();

        await Expect(_page.Locator("#alerts-a-minute")).ToHaveTextAsync("2");
        await Expect(Row("Price batches to evaluate")).ToContainTextAsync("late");
        await Expect(Row("Audit outbox")).ToContainTextAsync("in time");
        await Expect(Row("admin")).ToContainTextAsync("fresh");
        await Expect(_page.Locator("#audit-check")).ToContainTextAsync("whole");
        await Expect(_page.Locator("#job-servers")).ToContainTextAsync("running");
    }

    [Test]
    public async Task A_broken_audit_trail_is_seen_at_once()
    {
        await StoredAsync<object>(
            "insert into audit.audit_checks (sequence, hash, first_broken) values (7, sha256(''), 5)"
        );

        await SignInAsync();

        await Expect(_page.Locator("#audit-check .bad")).ToHaveTextAsync("broken at entry 5");
    }

    [Test]
    public async Task What_somebody_else_calls_a_provider_is_text()
    {
        await StoredAsync<object>(
            """
            insert into api_integration.latest_prices (coin_id, currency, price, as_of, provider)
            values ('bitcoin', 'USD', 1, now(), '<script>alert(1)</script>')
            """
        );

        await SignInAsync();

        await Expect(Row("<script>alert(1)</script>")).ToBeVisibleAsync();
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task Hangfires_pages_work_under_their_policy()
    {
        await SignInAsync();
        foreach (
            var path in new[]
            {
                "/hangfire",
                "/hangfire/jobs/enqueued",
                "/hangfire/jobs/succeeded",
                "/hangfire/jobs/failed",
                "/hangfire/retries",
                "/hangfire/recurring",
                "/hangfire/servers",
            }
        )
        {
            var answer = await _page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
            Assert.That(answer!.Status, Is.EqualTo(200), path);
            Assert.That(_complaints, Is.Empty, path);
        }

        await _page.GetByText("Back to site").ClickAsync();
        await Expect(Heading("Overview")).ToBeVisibleAsync();
    }

    private async Task OpenPageAsync(bool javaScript)
    {
        _context = await _browser.NewContextAsync(
            new() { BaseURL = TestRun.Server.Address.ToString(), JavaScriptEnabled = javaScript }
        );
        _page = await _context.NewPageAsync();
        _complaints = [];
        // Where a browser says what a policy has kept it from.
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{_page.Url}: {message.Text}");
            }
        };
        _page.PageError += (_, error) => _complaints.Add($"{_page.Url}: {error}");
    }

    private async Task SignInAsync(
        string page = "/admin",
        string email = TestServer.AdminEmail,
        string password = TestServer.AdminPassword
    )
    {
        await _page.GotoAsync(page);
        await Expect(Heading("Sign in")).ToBeVisibleAsync();
        await FillInAsync(email, password);
    }

    private async Task FillInAsync(string email, string password)
    {
        await _page.GetByLabel("E-mail").FillAsync(email);
        await _page.GetByLabel("Password").FillAsync(password);
        await SubmitAsync();
    }

    private async Task AnswerAsync(string code)
    {
        await _page.GetByLabel("Code").FillAsync(code);
        await SubmitAsync();
    }

    private Task SubmitAsync() => _page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

    private ILocator Heading(string text) => _page.GetByRole(AriaRole.Heading, new() { Name = text, Exact = true });

    private ILocator Row(string name) =>
        _page.Locator("tr", new() { Has = _page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }) });

    private async Task<BrowserContextCookiesResult?> CookieAsync() =>
        (await _context.CookiesAsync()).SingleOrDefault(cookie => cookie.Name == "crypto-beacon-admin");

    private static IPageAssertions Expect(IPage page) => Assertions.Expect(page);

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
