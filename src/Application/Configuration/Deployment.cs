namespace CryptoBeacon.Application.Configuration;

/// <summary>How this process runs.</summary>
public sealed record Deployment(bool HasEmbeddedDatabase, ServerRole Role);

/// <summary>What a process does: answer requests, run jobs, or both.</summary>
public enum ServerRole
{
    All,
    Web,
    Worker,
}
