namespace CryptoBeacon.Application.Security;

/// <summary>Secrets that the configuration leaves unset: made once and found again at every start.</summary>
public interface ISecretStore
{
    /// <param name="name">Lower-case words and hyphens.</param>
    /// <param name="make">Makes the content when there is none yet.</param>
    string GetOrCreate(string name, Func<string> make);

    /// <summary>Puts another content in the place of the one that is there, all at once; whoever reads sees the one or the other.</summary>
    void Replace(string name, Func<string, string> change);
}
