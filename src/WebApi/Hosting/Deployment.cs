namespace CryptoBeacon.WebApi.Hosting;

/// <summary>How this process runs.</summary>
public sealed record Deployment(bool HasEmbeddedDatabase, ServerRole Role);
