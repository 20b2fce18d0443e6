using System.Net;
using System.Text.RegularExpressions;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>Keeps cookies and follows no redirects.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly CookieContainer _cookies;
    private readonly HttpClient _http;

    public Browser(Uri address)
        : this(address, new CookieContainer()) { }

    private Browser(Uri address, CookieContainer cookies)
    {
        _cookies = cookies;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false })
        {
            BaseAddress = address,
        };
    }

    public Browser Copy()
    {
        var cookies = new CookieContainer();
        cookies.Add(_cookies.GetAllCookies());
        return new Browser(_http.BaseAddress!, cookies);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await _http.PostAsync(new Uri(path, UriKind.Relative), form);
    }

    public Task<HttpResponseMessage> SignInAsync(string email, string password, string returnUrl = "") =>
        SubmitAsync(
            "/admin/login",
            $"/admin/login?ReturnUrl={Uri.EscapeDataString(returnUrl)}",
            new() { ["email"] = email, ["password"] = password }
        );

    /// <summary>Fills in and sends the form that a page shows.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, Dictionary<string, string> fields) =>
        await SubmitAsync(await GetAsync(page), action, fields);

    public async Task<HttpResponseMessage> SubmitAsync(
        HttpResponseMessage page,
        string action,
        Dictionary<string, string> fields
    )
    {
        var hidden = HiddenField().Matches(await page.Content.ReadAsStringAsync());
        Assert.That(hidden, Is.Not.Empty, "the page shows no form");
        foreach (Match field in hidden)
        {
            fields.TryAdd(field.Groups["name"].Value, field.Groups["value"].Value);
        }

        return await PostAsync(action, fields);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(
        "type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]+)\"",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex HiddenField();
}
