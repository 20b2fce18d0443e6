using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// Asks for an account's password, under throttles that the database counts. The strict one is for an account seen from one network, so that a
/// stranger's guesses never lock the owner out; the looser one for the network, whatever the account. Counted before the password is looked
/// at and taken back when it was right, so that a hundred guesses at once are a hundred.
/// </summary>
internal sealed class PasswordAttempts(
    Accounts accounts,
    PasswordHasher passwords,
    ThrottleKeys keys,
    TimeProvider clock
)
{
    private const int AccountAllowance = 5;
    private const int NetworkAllowance = 300;

    /// <returns>The account; <see cref="IdentityErrors.InvalidCredentials"/>, after the same time for every reason; or when to come again.</returns>
    public async Task<Result<Credentials>> CheckAsync(
        string email,
        string password,
        Device device,
        CancellationToken cancellationToken
    )
    {
        var account = KeyOf(email, device);
        var network = keys.Of("network", device.Network);
        using var turn = await keys.TakeTurnAsync(account, cancellationToken);

        if (await accounts.BeginAttemptAsync(account, AccountAllowance, cancellationToken) is { } accountBlocked)
        {
            return TooManyUntil(accountBlocked);
        }

        if (await accounts.BeginAttemptAsync(network, NetworkAllowance, cancellationToken) is { } networkBlocked)
        {
            await accounts.TakeBackAttemptAsync(account, cancellationToken);
            return TooManyUntil(networkBlocked);
        }

        var found = await accounts.FindCredentialsAsync(email, cancellationToken);
        if (
            !await passwords.VerifyAsync(password, found?.PasswordHash, cancellationToken)
            || found is not { IsActive: true }
        )
        {
            return IdentityErrors.InvalidCredentials;
        }

        await accounts.ForgiveAttemptsAsync(account, cancellationToken);
        await accounts.TakeBackAttemptAsync(network, cancellationToken);
        return found;
    }

    /// <summary>Whoever has shown to be the owner by other means starts anew from here.</summary>
    public Task ForgiveAsync(string email, Device device, CancellationToken cancellationToken) =>
        accounts.ForgiveAttemptsAsync(KeyOf(email, device), cancellationToken);

    private byte[] KeyOf(string email, Device device) => keys.Of("account", email.ToLowerInvariant(), device.Network);

    private Error TooManyUntil(DateTimeOffset until) => IdentityErrors.TooManyAttempts(until - clock.UtcNow());
}

/// <summary>
/// Under what the throttles count: keyed hashes, so that the table tells nobody who tried from where. And the turns: attempts at one account
/// from one network go one by one, lest an owner's own five tabs look like five failures.
/// </summary>
internal sealed class ThrottleKeys(IdentitySecret secret) : IDisposable
{
    private readonly byte[] _key = secret.KeyFor("throttles");
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public byte[] Of(params string[] parts) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    public async Task<IDisposable> TakeTurnAsync(byte[] key, CancellationToken cancellationToken)
    {
        var turn = _turns[key[0] % _turns.Length];
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
