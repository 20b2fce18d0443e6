namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>A strategy at work on one asset.</summary>
internal abstract class SignalSource;
