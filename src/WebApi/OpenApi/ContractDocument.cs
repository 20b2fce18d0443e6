using System.Text.Json.Nodes;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>What all operations share: how one signs in, the headers, the refusals; and what can be said only when all operations are known.</summary>
internal static class ContractDocument
{
    public const string Bearer = "bearer";
    public const string IfMatch = "If-Match";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Fault = "Fault";
    private const string Problem = "Problem";
    private const string ValidationProblem = "ValidationProblem";

    /// <summary>Status → what it means here, with the code of its example.</summary>
    public static readonly IReadOnlyDictionary<int, (string Meaning, string Code)> Refusals = new Dictionary<
        int,
        (string, string)
    >
    {
        [400] = ("The request is not valid: `errors` names each field.", "invalid"),
        [401] = ("Not signed in, or the token has expired.", "unauthorized"),
        [403] = ("The user's role or the token's scopes do not suffice.", "forbidden"),
        [404] = ("Not there, or somebody else's.", "not_found"),
        [406] = ("There is no representation of an accepted type.", "not_acceptable"),
        [409] = ("The state of things does not allow it; `code` says what is in the way.", "conflict"),
        [412] = ("The resource is not the version that `If-Match` names.", "precondition_failed"),
        [413] = ("The body is too large.", "payload_too_large"),
        [415] = ("The body is of a media type that is not read here.", "unsupported_media_type"),
        [422] = ("The `Idempotency-Key` was used for another request.", "idempotency_key_reused"),
        [429] = ("Too many requests: `Retry-After` says when to come back.", "too_many_requests"),
        [503] = ("A part that this needs can't be reached just now.", "unavailable"),
    };

    public static string Refusal(string status) => $"Refusal{status}";

    public static Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "Crypto Beacon Trader Hub",
            Version = typeof(ContractDocument).Assembly.GetName().Version?.ToString(3),
            Description =
                "Portfolios, trades, watchlists, alerts and market data of crypto traders.\n\n"
                + "Money, prices, quantities and ratios are strings in plain notation; times are RFC 3339 in UTC; errors are RFC 9457 problem documents.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = document
            .Operations()
            .SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Reference.Id!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => new OpenApiTag { Name = name })
            .ToHashSet();

        AddSecurity(document);
        AddHeaders(document);
        AddProblems(document);
        new SchemaUse(document).Apply();
        Samples.AddTo(document);
        return Task.CompletedTask;
    }

    public static IEnumerable<OpenApiOperation> Operations(this OpenApiDocument document) =>
        document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>());

    private static void AddSecurity(OpenApiDocument document) =>
        document.AddComponent(
            Bearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "The access token of `POST /api/v1/auth/login`, or a personal access token, whose scopes narrow what it may do.",
            }
        );

    private static void AddHeaders(OpenApiDocument document)
    {
        AddHeader("ETag", "The version of the resource's writable state, for `If-Match`.", "\"7301\"");
        AddHeader("Location", "Where the resource is.", "/api/v1/…");
        AddHeader("RateLimit", "What is left (`r`) and for how many seconds (`t`).", "\"default\";r=5999;t=60");
        AddHeader(
            "RateLimit-Policy",
            "The quota (`q`) in a window of so many seconds (`w`).",
            "\"default\";q=6000;w=60"
        );
        AddHeader("Retry-After", "Seconds until another try is worth it.", "7");
        AddHeader(
            "Idempotency-Replayed",
            "`true` when the answer is that of an earlier request with the same key.",
            "true"
        );
        AddParameter(IfMatch, "Only if the resource still is of this version (its `ETag`), else 412.", "\"7301\"");
        AddParameter(
            IdempotencyKey,
            "Makes a retry safe: for 24 hours the same key with the same request gives the first success again.",
            "0190b8a0-7c1e"
        );

        void AddHeader(string name, string description, string example) =>
            document.AddComponent(
                name,
                new OpenApiHeader
                {
                    Description = description,
                    Schema = Text(),
                    Example = example,
                }
            );

        void AddParameter(string name, string description, string example) =>
            document.AddComponent(
                name,
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Header,
                    Description = description,
                    Schema = Text(),
                    Example = example,
                }
            );
    }

    private static void AddProblems(OpenApiDocument document)
    {
        // What the framework calls a problem is not what is sent.
        document.Components?.Schemas?.Remove(nameof(Microsoft.AspNetCore.Mvc.ProblemDetails));
        document.Components?.Schemas?.Remove(nameof(HttpValidationProblemDetails));
        document.AddComponent(Problem, ProblemSchema());
        var errors = ProblemSchema();
        errors.Properties!["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Messages by field, named as in the request: `trades[0].price`.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text() },
        };
        errors.Required!.Add("errors");
        document.AddComponent(ValidationProblem, errors);

        var used = document
            .Operations()
            .SelectMany(operation => operation.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>())
            .OfType<OpenApiResponseReference>()
            .Select(reference => reference.Reference.Id)
            .ToHashSet();
        foreach (var (status, (meaning, code)) in Refusals.Where(refusal => used.Contains(Refusal($"{refusal.Key}"))))
        {
            document.AddComponent(Refusal($"{status}"), Response(document, status, meaning, code));
        }

        document.AddComponent(
            Fault,
            Response(
                document,
                500,
                "Something went wrong on the server; `traceId` finds it in the log.",
                "internal_server_error"
            )
        );
    }

    private static OpenApiResponse Response(OpenApiDocument document, int status, string meaning, string code)
    {
        var example = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = meaning,
            ["instance"] = "/api/v1/…",
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
            ["code"] = code,
        };
        if (status == (int)ErrorKind.Invalid)
        {
            example["errors"] = new JsonObject { ["price"] = new JsonArray("must be greater than 0") };
        }

        var headers = new Dictionary<string, IOpenApiHeader>();
        foreach (
            var name in status == (int)ErrorKind.TooManyRequests
                ? new[] { "RateLimit", "RateLimit-Policy", "Retry-After" }
                : []
        )
        {
            headers[name] = new OpenApiHeaderReference(name, document);
        }

        return new OpenApiResponse
        {
            Description = meaning,
            Headers = headers,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problems.MediaType] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchemaReference(
                        status == (int)ErrorKind.Invalid ? ValidationProblem : Problem,
                        document
                    ),
                    Example = example,
                },
            },
        };
    }

    private static OpenApiSchema ProblemSchema() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "A problem document (RFC 9457).",
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text(),
                ["title"] = Text(),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null },
                ["instance"] = Text(),
                ["traceId"] = Text(),
                ["code"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "Stable, snake_case: what a program branches on.",
                },
            },
            Required = new HashSet<string> { "type", "title", "status", "instance", "traceId", "code" },
        };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
