namespace CryptoBeacon.Application.Security;

/// <summary>Keys of one kind, of which the newest is used and the older ones still count.</summary>
public interface IKeyRing
{
    /// <summary>What the keys are, for people.</summary>
    string Name { get; }

    /// <summary>Makes a new one. Running servers that share the data directory take it up by themselves.</summary>
    /// <returns>Its id; null: the keys are configured, and so is a new one.</returns>
    string? Rotate();
}
