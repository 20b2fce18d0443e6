using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <summary>Speaks HTTP as a client of the contract does. Paths are below <c>/api/v1</c>; those that start with <c>~</c> below the root.</summary>
internal class ApiClient(HttpClient http, string? accessToken = null)
{
    public string? AccessToken { get; } = accessToken;

    public Task<ApiResponse> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<ApiResponse> PostAsync(
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Post, path, Json(body), headers);

    public Task<ApiResponse> PutAsync(string path, object? body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, Json(body), headers);

    public Task<ApiResponse> PatchAsync(string path, object? body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, Json(body), headers);

    public Task<ApiResponse> DeleteAsync(
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Delete, path, body is null ? null : Json(body), headers);

    public Task<ApiResponse> PostCsvAsync(string path, string csv, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(csv, Encoding.UTF8, "text/csv"), headers);

    public Task<ApiResponse> PostCsvAsync(string path, Stream csv, params (string Name, string Value)[] headers) =>
        SendAsync(
            HttpMethod.Post,
            path,
            new StreamContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } },
            headers
        );

    /// <summary>A body that no serializer would write.</summary>
    public Task<ApiResponse> SendRawAsync(
        HttpMethod method,
        string path,
        string body,
        string? mediaType = "application/json"
    )
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType, "utf-8");
        return SendAsync(method, path, content, []);
    }

    /// <summary>The answer as it starts, for streams; the caller disposes it.</summary>
    public Task<HttpResponseMessage> OpenAsync(
        string path,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] headers
    ) =>
        http.SendAsync(
            Request(HttpMethod.Get, path, null, headers),
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );

    private static StringContent? Json(object? body) =>
        body is null
            ? null
            : new StringContent(
                body as string
                    ?? (body as JsonNode)?.ToJsonString()
                    ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web),
                Encoding.UTF8,
                "application/json"
            );

    private async Task<ApiResponse> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        (string Name, string Value)[] headers
    )
    {
        using var request = Request(method, path, content, headers);
        using var response = await http.SendAsync(request);
        return await ApiResponse.ReadAsync(request, response);
    }

    private HttpRequestMessage Request(
        HttpMethod method,
        string path,
        HttpContent? content,
        (string Name, string Value)[] headers
    )
    {
        var uri =
            path.StartsWith('~') ? path[1..]
            : path.StartsWith("/api/", StringComparison.Ordinal) ? path
            : "/api/v1" + path;
        var request = new HttpRequestMessage(method, uri) { Content = content };
        if (AccessToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record ApiResponse(
    string Request,
    HttpStatusCode Status,
    string Text,
    HttpResponseHeaders Headers,
    string? MediaType
)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException($"{this} is no JSON.");

    public string? ETag => Headers.ETag?.ToString();

    public string? Location => Headers.Location?.ToString();

    /// <summary>A member of the answer as text: <c>answer["quantity"]</c>.</summary>
    public string? this[string property] => Json[property]?.ToString();

    public JsonArray Items => Json["items"]!.AsArray();

    /// <summary>Fails, showing the whole answer, unless it has this status.</summary>
    public ApiResponse ShouldBe(HttpStatusCode status)
    {
        Assert.That(Status, Is.EqualTo(status), ToString());
        return this;
    }

    public ApiResponse ShouldBe(int status) => ShouldBe((HttpStatusCode)status);

    /// <summary>A 400 that names the field.</summary>
    public ApiResponse ShouldNameField(string field)
    {
        ShouldBe(HttpStatusCode.BadRequest);
        Assert.That(Json["errors"]?.AsObject().Select(error => error.Key), Does.Contain(field), ToString());
        return this;
    }

    /// <summary>A refusal with this status and code.</summary>
    public ApiResponse ShouldRefuse(int status, string code)
    {
        ShouldBe(status);
        Assert.That(this["code"], Is.EqualTo(code), ToString());
        return this;
    }

    public override string ToString() => $"{Request} answered {(int)Status}: {Text}";

    public static async Task<ApiResponse> ReadAsync(HttpRequestMessage request, HttpResponseMessage response) =>
        new(
            $"{request.Method} {request.RequestUri}",
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers,
            response.Content.Headers.ContentType?.MediaType
        );
}

/// <summary>Somebody who is signed in.</summary>
internal sealed class ApiUser(HttpClient http, string email, string password, JsonNode tokens)
    : ApiClient(http, tokens["accessToken"]!.ToString())
{
    public string Email => email;

    public string Password => password;

    public string RefreshToken => tokens["refreshToken"]!.ToString();

    public static async Task<ApiUser> SignUpAsync(HttpClient http, string? email = null)
    {
        email ??= $"{Guid.CreateVersion7():N}@tests.example";
        const string password = "correct horse battery staple";
        (await new ApiClient(http).PostAsync("/auth/register", new { email, password })).ShouldBe(
            HttpStatusCode.Created
        );
        return await SignInAsync(http, email, password);
    }

    public static async Task<ApiUser> SignInAsync(HttpClient http, string email, string password)
    {
        var answer = await new ApiClient(http).PostAsync("/auth/login", new { email, password });
        return new ApiUser(http, email, password, answer.ShouldBe(HttpStatusCode.OK).Json);
    }
}
