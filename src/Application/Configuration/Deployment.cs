namespace CryptoBeacon.Application.Configuration;

/// <summary>How this process runs, where that decides a default.</summary>
public sealed record Deployment(bool HasEmbeddedDatabase);
