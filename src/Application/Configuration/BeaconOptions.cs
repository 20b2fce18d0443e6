namespace CryptoBeacon.Application.Configuration;

/// <summary>The section <c>CryptoBeacon</c> of the configuration. A key that is not here stops the start.</summary>
public sealed class BeaconOptions
{
    public const string Section = "CryptoBeacon";

    /// <summary>The connection string of the owner; unset: an embedded cluster.</summary>
    public const string ConnectionName = "CryptoBeacon";

    /// <summary>Where the embedded cluster and the key files are.</summary>
    public string DataDirectory { get; init; } = ".data";

    public AdminOptions Admin { get; init; } = new();

    public MarketDataOptions MarketData { get; init; } = new();

    public EncryptionOptions Encryption { get; init; } = new();

    public DatabaseOptions Database { get; init; } = new();

    public CorsOptions Cors { get; init; } = new();

    public JwtOptions Jwt { get; init; } = new();

    public RateLimitOptions RateLimits { get; init; } = new();

    public SmtpOptions Smtp { get; init; } = new();

    public SmsOptions Sms { get; init; } = new();

    public HostingOptions Hosting { get; init; } = new();

    public AutoMapperOptions AutoMapper { get; init; } = new();

    /// <summary>The first administrator, made at start; never changes an existing one.</summary>
    public sealed class AdminOptions
    {
        public string? Email { get; init; }

        public string? Password { get; init; }
    }

    public sealed class MarketDataOptions
    {
        /// <summary>A built-in provider with moving prices; unset: on with the embedded database, off otherwise.</summary>
        public bool? Simulated { get; init; }

        /// <summary>Whether active providers are polled; unset: where prices are not simulated, so that the two are never mixed unasked.</summary>
        public bool? Polling { get; init; }

        /// <summary>The installation's own keys for prices, by the provider's name, such as <c>coingecko</c>.</summary>
        public Dictionary<string, string> ProviderKeys { get; init; } = new(StringComparer.OrdinalIgnoreCase);
    }

    public sealed class EncryptionOptions
    {
        /// <summary>Base64 256-bit keys by id.</summary>
        public Dictionary<string, string> Keys { get; init; } = [];

        public string? CurrentKeyId { get; init; }
    }

    public sealed class DatabaseOptions
    {
        /// <summary>The passwords of the database's logins are derived from it.</summary>
        public string? RoleSecret { get; init; }
    }

    public sealed class CorsOptions
    {
        public string[] Origins { get; init; } = [];
    }

    public sealed class JwtOptions
    {
        /// <summary>ES256 private keys (PKCS #8, PEM or base64) by <c>kid</c>; the last in alphabetical order signs.</summary>
        public Dictionary<string, string> SigningKeys { get; init; } = [];

        /// <summary>How long a server believes what it has read of a session: what another server ends is out here within that time. 1 to 30.</summary>
        public int SessionFreshnessSeconds { get; init; } = 30;
    }

    public sealed class RateLimitOptions
    {
        public bool Enabled { get; init; } = true;
    }

    public sealed class SmtpOptions
    {
        /// <summary>Unset: no mail, or in Development mail to the log.</summary>
        public string? Host { get; init; }

        public int Port { get; init; } = 587;

        /// <summary>Such as <c>Crypto Beacon &lt;beacon@example.org&gt;</c>.</summary>
        public string? From { get; init; }

        /// <summary>Unset: <see cref="From"/>.</summary>
        public string? ReplyTo { get; init; }

        public string? User { get; init; }

        public string? Password { get; init; }

        public SmtpSecurity Security { get; init; }
    }

    /// <summary>Of a service that speaks Twilio's REST.</summary>
    public sealed class SmsOptions
    {
        /// <summary>Unset: no SMS.</summary>
        public string? AccountSid { get; init; }

        public string? AuthToken { get; init; }

        /// <summary>The number or name that they come from.</summary>
        public string? From { get; init; }

        public string BaseUrl { get; init; } = "https://api.twilio.com";
    }

    public sealed class HostingOptions
    {
        /// <summary>Lets webhook and provider addresses lie in private or loopback ranges.</summary>
        public bool AllowPrivateNetworkTargets { get; init; }

        /// <summary>Where the outside finds the API, such as <c>https://beacon.example.org</c>; unset: where the server listens.</summary>
        public string? PublicUrl { get; init; }
    }

    public sealed class AutoMapperOptions
    {
        public string? LicenseKey { get; init; }
    }
}

public enum SmtpSecurity
{
    /// <summary>TLS on port 465, otherwise STARTTLS, without which only a mail server on this machine is spoken to.</summary>
    Auto,

    /// <summary>In the clear, whatever the mail server offers.</summary>
    None,

    /// <summary>Not without STARTTLS.</summary>
    StartTls,

    /// <summary>From the first byte.</summary>
    Tls,
}
