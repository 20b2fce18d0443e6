using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CryptoBeacon.ApiIntegration.Connectors.Http;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>Where calls go and how fast: a provider's row, as far as calls need it.</summary>
/// <param name="BaseUrl">With or without a path and a slash at its end.</param>
/// <param name="RateLimitCount">Weight allowed within <paramref name="RateLimitWindow"/>; null: no limit is known.</param>
internal sealed record ProviderSite(Guid Id, string Name, Uri BaseUrl, TimeSpan? RateLimitWindow, int? RateLimitCount);

/// <summary>In whose name calls are made: each is a row of <c>api_usage</c>.</summary>
internal sealed record Caller(Guid UserId, Guid? ApiKeyId)
{
    /// <summary>The installation's own polls: the disabled system user of the identity schema.</summary>
    public static readonly Caller System = new(new Guid("00000000-0000-7000-8000-000000000001"), null);
}

/// <summary>A call as its connector puts it.</summary>
/// <param name="Path">With a public query; what a signature adds is not in it, so that it can be recorded as it stands.</param>
/// <param name="Weight">What it takes from the provider's budget.</param>
internal sealed record ProviderCall(string Path, int Weight = 1)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Done for every attempt anew: times and nonces are part of a signature.</summary>
    public Action<HttpRequestMessage, DateTimeOffset>? Sign { get; init; }

    /// <summary>What the provider means by an answer that is none; null: nothing is wrong with it.</summary>
    public Func<ProviderAnswer, ConnectorException?> Explain { get; init; } = _ => null;

    /// <summary>The header in which the provider says how much of its budget is used.</summary>
    public string? UsedWeightHeader { get; init; }
}

/// <param name="Body">Undefined where it is no JSON.</param>
internal readonly record struct ProviderAnswer(
    HttpStatusCode Status,
    JsonElement Body,
    HttpResponseHeaders Headers,
    DateTimeOffset At
)
{
    public bool IsJson => Body.ValueKind is not JsonValueKind.Undefined;
}

/// <summary>One provider's API for one caller: within its limits, in bounded time and size, recorded, and with one kind of exception.</summary>
internal sealed class ProviderApi(
    HttpClient http,
    ProviderSite site,
    Caller caller,
    CallBudget budget,
    UsageLog usage,
    TimeProvider clock
)
{
    // A provider's answer never needs more; deeper is an attack.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public ProviderSite Site => site;

    public DateTimeOffset Now => clock.UtcNow();

    /// <param name="read">Takes what it needs out of the answer's body, which is gone afterwards; throws as <see cref="ProviderJson"/> does.</param>
    public async Task<T> ReadAsync<T>(
        ProviderCall call,
        Func<ProviderAnswer, T> read,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(call.Method, AddressOf(call));
        var metered = new MeteredCall(call, site, caller, request.RequestUri!);
        request.Options.Set(MeteredCall.Key, metered);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            using var document = await ParseAsync(response, cancellationToken);
            var answer = new ProviderAnswer(
                response.StatusCode,
                document?.RootElement ?? default,
                response.Headers,
                Now
            );
            if ((Read(answer, call.Explain) ?? FaultOf(answer)) is { } refusal)
            {
                await HoldBackAsync(refusal, cancellationToken);
                throw refusal;
            }

            return Read(answer, read);
        }
        catch (ConnectorException fault)
        {
            if (metered.Entry is { } entry)
            {
                entry.Error = fault.Message;
            }

            throw;
        }
        catch (Exception exception) when (IsOfTheNetwork(exception, cancellationToken))
        {
            throw new ConnectorException(
                ConnectorFault.Unavailable,
                $"{site.Name} {NetworkFault.Of(exception)}.",
                exception
            );
        }
        finally
        {
            usage.Add(metered.Entry);
        }
    }

    private static T Read<T>(ProviderAnswer answer, Func<ProviderAnswer, T> read)
    {
        try
        {
            return read(answer);
        }
        // A value of another kind, or out of all range.
        catch (Exception exception)
            when (exception is InvalidOperationException or OverflowException or FormatException)
        {
            throw new ConnectorException(
                ConnectorFault.ChangedFormat,
                "The answer is not in the format that is known.",
                exception
            );
        }
    }

    private Uri AddressOf(ProviderCall call) =>
        new($"{site.BaseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}{call.Path}");

    /// <summary>What providers say in a body rather than in a header.</summary>
    private Task HoldBackAsync(ConnectorException fault, CancellationToken cancellationToken) =>
        fault is { Fault: ConnectorFault.RateLimited, RetryAt: { } at }
            ? budget.BlockAsync(site, at, cancellationToken)
            : Task.CompletedTask;

    private static async Task<JsonDocument?> ParseAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken),
                Strict,
                cancellationToken
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ConnectorException? FaultOf(ProviderAnswer answer) =>
        answer.Status switch
        {
            HttpStatusCode.Unauthorized => new(ConnectorFault.InvalidKey, $"{site.Name} does not accept the key."),
            HttpStatusCode.Forbidden => new(ConnectorFault.MissingPermission, $"{site.Name} does not allow that."),
            HttpStatusCode.TooManyRequests or MeteredCall.Banned => new(
                ConnectorFault.RateLimited,
                $"{site.Name} says that there were too many calls."
            ),
            >= HttpStatusCode.InternalServerError => new(
                ConnectorFault.Unavailable,
                $"{site.Name} is out of order (HTTP {(int)answer.Status})."
            ),
            < HttpStatusCode.OK or >= HttpStatusCode.Ambiguous => new(
                ConnectorFault.Refused,
                $"{site.Name} answered HTTP {(int)answer.Status}."
            ),
            _ when !answer.IsJson => new(
                ConnectorFault.ChangedFormat,
                $"{site.Name} answered something that is no JSON."
            ),
            _ => null,
        };

    private static bool IsOfTheNetwork(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException or BrokenCircuitException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
