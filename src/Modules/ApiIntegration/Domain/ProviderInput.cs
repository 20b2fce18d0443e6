namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What an administrator may write of a provider.</summary>
internal sealed record ProviderInput : IHasDefaults<ProviderInput>
{
    public string? Name { get; init; }

    public string? BaseUrl { get; init; }

    public string? Description { get; init; }

    public string? DocsUrl { get; init; }

    public string? AuthMethod { get; init; }

    /// <summary>Without a count, or a count without it, nothing is limited.</summary>
    public TimeSpan? RateLimitWindow { get; init; }

    public int? RateLimitCount { get; init; }

    public bool? IsActive { get; init; }

    public ProviderInput WithDefaults() => this with { IsActive = IsActive ?? true };

    public static ProviderInput Of(ApiProvider provider) =>
        new()
        {
            Name = provider.Name,
            BaseUrl = provider.BaseUrl,
            Description = provider.Description,
            DocsUrl = provider.DocsUrl,
            AuthMethod = provider.AuthMethod,
            RateLimitWindow = provider.RateLimitWindow,
            RateLimitCount = provider.RateLimitCount,
            IsActive = provider.IsActive,
        };
}

internal sealed class ProviderInputValidator : AbstractValidator<ProviderInput>
{
    public ProviderInputValidator(NetworkTargets targets)
    {
        RuleFor(p => p.Name).Required().Name();
        RuleFor(p => p.BaseUrl)
            .Required()
            .CustomAsync(
                async (url, context, ct) =>
                {
                    if (!string.IsNullOrEmpty(url) && await ComplaintAsync(targets, url, ct) is { } complaint)
                    {
                        context.AddFailure(complaint);
                    }
                }
            );
        RuleFor(p => p.Description).Notes();
        RuleFor(p => p.DocsUrl)
            .Must(url => url is null || IsWebAddress(url))
            .WithMessage("must be an http or https address of at most 2000 characters");
        RuleFor(p => p.AuthMethod).Line(Rules.MaxNameLength);
        RuleFor(p => p.RateLimitWindow)
            .Must(window => window is null || window > TimeSpan.Zero)
            .WithMessage("must be longer than nothing");
        RuleFor(p => p.RateLimitCount).Must(count => count is null or > 0).WithMessage("must be greater than 0");
        RuleFor(p => p.IsActive).Required();
    }

    /// <summary>Paths are put behind it, so that it has none of what comes after a path.</summary>
    private static async Task<string?> ComplaintAsync(
        NetworkTargets targets,
        string url,
        CancellationToken cancellationToken
    ) =>
        await targets.ComplaintAsync(url, cancellationToken)
        ?? await NetworkTargets.PlainComplaintAsync(url, cancellationToken)
        ?? (url.AsSpan().ContainsAny('?', '#') ? "must have neither a query nor a fragment" : null);

    private static bool IsWebAddress(string url) =>
        url.Length <= 2000
        && !url.Any(char.IsWhiteSpace)
        && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        // As the database reads it.
        && (
            url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("http://", StringComparison.Ordinal)
        );
}
