using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Token buckets, one a user or, where nobody is signed in, one an address. Every answer tells what is left, by the IETF's draft
/// (draft-ietf-httpapi-ratelimit-headers): ASP.NET Core's own middleware can't. What guesses passwords is counted in the database, too.
/// </summary>
internal sealed class RateLimits(RequestDelegate next) : IAsyncDisposable
{
    private static readonly Policy Default = new("default", Quota: 6000);
    private static readonly Policy Credentials = new("auth", Quota: 1200);

    private readonly PartitionedRateLimiter<(Policy Policy, string Caller)> _limiter = PartitionedRateLimiter.Create<
        (Policy Policy, string Caller),
        (Policy, string)
    >(bucket => RateLimitPartition.GetTokenBucketLimiter(bucket, _ => bucket.Policy.Bucket));

    public async Task InvokeAsync(HttpContext context)
    {
        if (PolicyOf(context.Request.Path) is not { } policy)
        {
            await next(context);
            return;
        }

        var bucket = (policy, Caller(context, policy));
        using var lease = _limiter.AttemptAcquire(bucket);
        var left = _limiter.GetStatistics(bucket)?.CurrentAvailablePermits ?? 0;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["RateLimit-Policy"] = policy.Describe();
            context.Response.Headers["RateLimit"] = policy.Describe(left);
            return Task.CompletedTask;
        });

        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        await Problems.WriteAsync(
            context,
            new Error(ErrorKind.TooManyRequests, "rate_limited", "Too many requests; see Retry-After.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Policy.Period,
            }
        );
    }

    public static bool AppliesTo(PathString path) => PolicyOf(path) is not null;

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    /// <summary>Null: not limited, since what watches over the server must not be turned away.</summary>
    private static Policy? PolicyOf(PathString path) =>
        path.StartsWithSegments("/api/v1/auth") || path.StartsWithSegments("/admin") ? Credentials
        : path.StartsWithSegments("/api") ? Default
        : null;

    private static string Caller(HttpContext context, Policy policy) =>
        policy == Default && context.User.FindFirst("sub")?.Value is { } user
            ? user
            : Network(context.Connection.RemoteIpAddress);

    /// <summary>One customer has a whole /64 of IPv6.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    /// <param name="Quota">Requests a minute, which may also come at once.</param>
    private sealed record Policy(string Name, int Quota)
    {
        public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
        private const int Window = 60;

        public TokenBucketRateLimiterOptions Bucket { get; } =
            new()
            {
                TokenLimit = Quota,
                TokensPerPeriod = Quota / Window,
                ReplenishmentPeriod = Period,
                QueueLimit = 0,
            };

        public string Describe() => string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={Quota};w={Window}");

        /// <summary>What is left, and in how many seconds the bucket is full again.</summary>
        public string Describe(long left) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"\"{Name}\";r={left};t={Math.Max(1, (Quota - left) * Window / Quota)}"
            );
    }
}
