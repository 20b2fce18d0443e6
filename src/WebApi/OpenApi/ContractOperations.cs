using System.Reflection;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Security;
using CryptoBeacon.WebApi.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CryptoBeacon.WebApi.OpenApi;

/// <summary>What an endpoint's metadata says about an operation beyond its bodies: who may call it, its headers, how it refuses.</summary>
internal static class ContractOperations
{
    public static Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var endpoint = new Endpoint(context);
        var document = context.Document!;

        operation.Tags = new HashSet<OpenApiTagReference> { new(endpoint.Module, document) };
        DescribeAccess(operation, endpoint, document);
        DescribeParameters(operation, endpoint, document);
        DescribeResponses(operation, endpoint, document);

        return Task.CompletedTask;
    }

    private static void DescribeResponses(OpenApiOperation operation, Endpoint endpoint, OpenApiDocument document)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, response) in operation.Responses?.Where(response => response.Key.StartsWith('2')) ?? [])
        {
            responses[status] = response;
            DescribeResponseHeaders((OpenApiResponse)response, status, endpoint, document);
        }

        foreach (var status in endpoint.Refusals)
        {
            responses[$"{status}"] = new OpenApiResponseReference(ContractDocument.Refusal($"{status}"), document);
        }

        responses["default"] = new OpenApiResponseReference(ContractDocument.Fault, document);
        operation.Responses = responses;
    }

    private static void DescribeAccess(OpenApiOperation operation, Endpoint endpoint, OpenApiDocument document)
    {
        var scope = endpoint.Scope;
        var bearer = new OpenApiSecuritySchemeReference(ContractDocument.Bearer, document);
        var requirement = new OpenApiSecurityRequirement { [bearer] = scope is null ? [] : [scope] };
        operation.Security = (endpoint.IsAnonymous, scope) switch
        {
            (true, null) =>
            [
                [],
            ],
            // What looks for itself who is there takes another credential, too, such as a ticket.
            (true, _) => [requirement, []],
            _ => [requirement],
        };
        var access = (endpoint.IsAnonymous, scope) switch
        {
            (true, null) => "Needs nobody to be signed in.",
            (true, _) => $"Needs a signed-in user, or a ticket; a personal access token needs the scope `{scope}`.",
            (_, null) => "Needs a signed-in user.",
            (_, Access.AdminPolicy) => "Needs a signed-in administrator.",
            (_, Access.SessionPolicy) => "Needs a user who has signed in: a personal access token does not suffice.",
            _ => $"Needs a signed-in user; a personal access token needs the scope `{scope}`.",
        };
        operation.Description = operation.Description is null ? access : $"{operation.Description}\n\n{access}";
    }

    private static void DescribeParameters(OpenApiOperation operation, Endpoint endpoint, OpenApiDocument document)
    {
        if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == "limit")?.Schema is OpenApiSchema limit)
        {
            limit.Minimum = "1";
            limit.Maximum = $"{PageSize.Max}";
            limit.Default = PageSize.Default;
        }

        if (endpoint.HonoursIfMatch)
        {
            (operation.Parameters ??= []).Add(new OpenApiParameterReference(ContractDocument.IfMatch, document));
        }

        if (endpoint.HonoursIdempotencyKey)
        {
            (operation.Parameters ??= []).Add(new OpenApiParameterReference(ContractDocument.IdempotencyKey, document));
        }
    }

    private static void DescribeResponseHeaders(
        OpenApiResponse response,
        string status,
        Endpoint endpoint,
        OpenApiDocument document
    )
    {
        var headers = response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        if (endpoint.IsLimited)
        {
            Add("RateLimit");
            Add("RateLimit-Policy");
        }

        if (status is "201" or "202")
        {
            Add("Location");
        }

        if (endpoint.IsVersioned(status))
        {
            Add("ETag");
        }

        if (endpoint.HonoursIdempotencyKey)
        {
            Add("Idempotency-Replayed");
        }

        void Add(string name) => headers[name] = new OpenApiHeaderReference(name, document);
    }

    /// <summary>An endpoint as its metadata shows it.</summary>
    private sealed class Endpoint(OpenApiOperationTransformerContext context)
    {
        private readonly IList<object> _metadata = context.Description.ActionDescriptor.EndpointMetadata;

        public bool IsAnonymous => Find<IAllowAnonymous>() is not null;

        public string? Scope => Find<ScopeMetadata>()?.Scope;

        public bool IsLimited => RateLimits.AppliesTo(Path);

        public bool HonoursIdempotencyKey => Find<IdempotentMetadata>() is not null;

        public bool HonoursIfMatch =>
            Handler?.GetParameters().Any(parameter => parameter.ParameterType == typeof(IfMatch)) == true;

        /// <summary>The module whose code handles it.</summary>
        public string Module =>
            Modules
                .All.FirstOrDefault(module => module.GetType().Assembly == Handler?.DeclaringType?.Assembly)
                ?.GetType()
                .Name.Replace("Module", "", StringComparison.Ordinal)
            ?? "Server";

        public bool IsVersioned(string status) =>
            _metadata
                .OfType<IProducesResponseTypeMetadata>()
                .Any(answer =>
                    $"{answer.StatusCode}" == status && answer.Type?.IsAssignableTo(typeof(IVersioned)) == true
                );

        /// <summary>Every status with which it may refuse: those it declares, and those that follow from what it takes.</summary>
        public IEnumerable<int> Refusals =>
            Declared.Concat(Implied).Where(ContractDocument.Refusals.ContainsKey).Distinct().Order();

        private IEnumerable<int> Declared =>
            _metadata.OfType<IProducesResponseTypeMetadata>().Select(answer => answer.StatusCode);

        private IEnumerable<int> Implied
        {
            get
            {
                var isWrite = !HttpMethods.IsGet(context.Description.HttpMethod ?? "");
                var hasBody = Find<IAcceptsMetadata>() is not null;
                if (IsLimited)
                {
                    yield return StatusCodes.Status429TooManyRequests;
                }

                if (hasBody || context.Description.ParameterDescriptions.Count > 0)
                {
                    yield return StatusCodes.Status400BadRequest;
                }

                if (hasBody)
                {
                    yield return StatusCodes.Status413PayloadTooLarge;
                    yield return StatusCodes.Status415UnsupportedMediaType;
                }

                if (!IsAnonymous)
                {
                    yield return StatusCodes.Status401Unauthorized;
                    yield return StatusCodes.Status403Forbidden;
                }

                if (Path.Contains('{', StringComparison.Ordinal))
                {
                    yield return StatusCodes.Status404NotFound;
                }

                if (isWrite && !IsAnonymous)
                {
                    yield return StatusCodes.Status409Conflict;
                }

                if (HonoursIfMatch)
                {
                    yield return StatusCodes.Status412PreconditionFailed;
                }

                if (HonoursIdempotencyKey)
                {
                    yield return StatusCodes.Status422UnprocessableEntity;
                }
            }
        }

        private string Path => $"/{context.Description.RelativePath}";

        private MethodInfo? Handler => Find<MethodInfo>();

        private T? Find<T>()
            where T : class => _metadata.OfType<T>().LastOrDefault();
    }
}
