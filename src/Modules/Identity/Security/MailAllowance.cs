using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>How often strangers may have us write to somebody: throttles that the database counts, as those of passwords.</summary>
internal sealed class MailAllowance(Accounts accounts, ThrottleKeys keys, TimeProvider clock)
{
    private const int MailsToAnAddress = 3;
    private const int MailsFromANetwork = 60;

    /// <summary>Of the address alone.</summary>
    public Task<Result> TakeAsync(string email, CancellationToken cancellationToken) =>
        TakeAsync(keys.Of("mail to", email.ToLowerInvariant()), MailsToAnAddress, cancellationToken);

    /// <summary>Of where it is asked from.</summary>
    public Task<Result> TakeAsync(Device device, CancellationToken cancellationToken) =>
        TakeAsync(keys.Of("mail from", device.Network), MailsFromANetwork, cancellationToken);

    private async Task<Result> TakeAsync(byte[] key, int allowance, CancellationToken cancellationToken) =>
        await accounts.BeginAttemptAsync(key, allowance, cancellationToken) is { } blocked
            ? IdentityErrors.TooManyMails(blocked - clock.UtcNow())
            : Result.Success;
}
