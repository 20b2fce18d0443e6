namespace CryptoBeacon.Application.Configuration;

/// <summary>The configuration is not what the server understands; the message names the key.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
