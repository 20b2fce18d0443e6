using System.Net;
using System.Net.Sockets;

namespace CryptoBeacon.Identity.Security;

/// <summary>From where somebody signs in.</summary>
internal sealed record Device(IPAddress? Address, string? UserAgent)
{
    private const int MaxUserAgent = 1000;

    /// <summary>What is throttled together: an IPv4 address, or the /64 that one IPv6 subscriber has to himself.</summary>
    public string Network =>
        Address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? Convert.ToHexString(Address.GetAddressBytes().AsSpan(0, 8))
            : Address?.ToString() ?? "";

    /// <summary>What stays the same when a person's own device signs in again, from another address too.</summary>
    public string Kind => $"{Address?.AddressFamily}\n{UserAgent}";

    public static ValueTask<Device> BindAsync(HttpContext context) =>
        ValueTask.FromResult(Of(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent));

    public static Device Of(IPAddress? address, string? userAgent)
    {
        var name = new string((userAgent ?? "").Where(c => !char.IsControl(c)).Take(MaxUserAgent).ToArray());
        return new Device(
            address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address,
            name.Length == 0 ? null : name
        );
    }
}
