namespace CryptoBeacon.Infrastructure.EmbeddedPostgres;

/// <summary>The embedded PostgreSQL can't be had; the message tells the user what to do about it.</summary>
public sealed class EmbeddedPostgresException : Exception
{
    public EmbeddedPostgresException(string message)
        : base(message) { }

    public EmbeddedPostgresException(string message, Exception innerException)
        : base(message, innerException) { }

    public EmbeddedPostgresException() { }
}
