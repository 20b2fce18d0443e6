namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>A service that prices or trades are fetched from. Administrators keep the list; everybody reads it.</summary>
internal sealed class ApiProvider : Entity
{
    private ApiProvider() { }

    public string Name { get; private set; } = "";

    /// <summary>What every call's address begins with.</summary>
    public string BaseUrl { get; private set; } = "";

    public string? Description { get; private set; }

    public string? DocsUrl { get; private set; }

    public string? AuthMethod { get; private set; }

    /// <summary>In which <see cref="RateLimitCount"/> calls may be made.</summary>
    public TimeSpan? RateLimitWindow { get; private set; }

    public int? RateLimitCount { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>One that is not is neither polled nor called with anybody's key.</summary>
    public bool IsActive { get; private set; }

    /// <param name="input">Validated.</param>
    public static ApiProvider Add(ProviderInput input, DateTimeOffset now)
    {
        var provider = new ApiProvider { CreatedAt = now };
        provider.Revise(input, now);
        return provider;
    }

    /// <param name="input">Validated.</param>
    public void Revise(ProviderInput input, DateTimeOffset now)
    {
        Name = input.Name!;
        BaseUrl = input.BaseUrl!;
        Description = input.Description;
        DocsUrl = input.DocsUrl;
        AuthMethod = input.AuthMethod;
        RateLimitWindow = input.RateLimitWindow;
        RateLimitCount = input.RateLimitCount;
        IsActive = input.IsActive ?? true;
        UpdatedAt = now;
    }
}
