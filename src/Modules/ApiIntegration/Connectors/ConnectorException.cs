namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>Why a provider gave no answer. Its message is for users: plain words, without secrets.</summary>
internal sealed class ConnectorException(ConnectorFault fault, string message, Exception? cause = null)
    : Exception(Plain(message), cause)
{
    private const int MaxMessage = 500;

    public ConnectorFault Fault { get; } = fault;

    /// <summary>When it may be tried again, where the provider has said so.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Of an <see cref="ConnectorFault.InvalidKey"/>: it is the secret that is wrong.</summary>
    public bool IsOfSecret { get; init; }

    /// <summary>Words of the provider may be in it, and those may be anything.</summary>
    private static string Plain(string message) =>
        string.Concat(
            message.Take(MaxMessage).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? ' ' : letter)
        );
}

internal enum ConnectorFault
{
    /// <summary>The key, its secret or its signature is not accepted.</summary>
    InvalidKey,

    /// <summary>The key is good and may not do this.</summary>
    MissingPermission,

    /// <summary>Too many calls: the provider's limit, or ours that keeps below it.</summary>
    RateLimited,

    /// <summary>Not reached, not in time, or out of order.</summary>
    Unavailable,

    /// <summary>An answer that is not in the format the connector knows.</summary>
    ChangedFormat,

    /// <summary>The provider says no to what was asked, for a reason of its own.</summary>
    Refused,
}
