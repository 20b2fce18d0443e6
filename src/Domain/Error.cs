namespace CryptoBeacon.Domain;

/// <summary>Why a request is refused. Each kind is one HTTP status.</summary>
public enum ErrorKind
{
    Invalid = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    Conflict = 409,
    PreconditionFailed = 412,
    PayloadTooLarge = 413,
    Unprocessable = 422,
    TooManyRequests = 429,
    Unavailable = 503,
}

/// <summary>An expected refusal: what went wrong, in words for people and a code for programs.</summary>
/// <param name="Code">Stable, snake_case: what a client branches on.</param>
public sealed record Error(ErrorKind Kind, string Code, string Message)
{
    /// <summary>Messages by field, named as in the request (<c>trades[0].price</c>).</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Further members of the problem document, such as an import's <c>rejected</c>.</summary>
    public IReadOnlyDictionary<string, object?> Details { get; init; } = new Dictionary<string, object?>();

    /// <summary>When it is worth another try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The messages of all fields in one line, for a list of rows of which each has its own.</summary>
    public string Describe() =>
        string.Join("; ", Fields.Select(field => $"{field.Key}: {string.Join(", ", field.Value)}"));

    /// <summary>Not there, or somebody else's: which of the two is never told.</summary>
    public static Error NotFound(string what) => new(ErrorKind.NotFound, "not_found", $"There is no such {what}.");

    public static Error Conflict(string code, string message) => new(ErrorKind.Conflict, code, message);

    public static Error Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] });

    public static Error Invalid(IReadOnlyDictionary<string, string[]> fields) =>
        new(ErrorKind.Invalid, "invalid", "The request is not valid; see errors.") { Fields = fields };

    public static readonly Error PreconditionFailed = new(
        ErrorKind.PreconditionFailed,
        "precondition_failed",
        "The resource has changed since the version that If-Match names."
    );
}
