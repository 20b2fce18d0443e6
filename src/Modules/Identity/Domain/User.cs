using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Domain;

internal enum UserRole
{
    User,
    Admin,
}

/// <summary>
/// A person's account as its owner may see and change it. Accounts are made, and passwords and roles changed, by the definer functions of the
/// schema alone (<see cref="Persistence.Accounts"/>).
/// </summary>
[NeverAudited("The table's own trigger leaves the entry, whoever writes the row.")]
internal sealed class User : Entity
{
    private User() { }

    public string Email { get; private set; } = "";

    public bool EmailVerified { get; private set; }

    public string? DisplayName { get; private set; }

    public UserRole Role { get; private set; }

    /// <summary>A JSON object of the client's own making; null until there is one.</summary>
    public string? Preferences { get; private set; }

    /// <summary>Kept by the database.</summary>
    public bool MfaEnabled { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? LastLogin { get; private set; }

    public void Revise(string? displayName, string? preferences, DateTimeOffset now)
    {
        DisplayName = displayName;
        Preferences = preferences;
        UpdatedAt = now;
    }
}

internal static class UserSpecs
{
    public sealed class ById : Specification<User>
    {
        public ById(Guid id) => Query.Where(user => user.Id == id);
    }
}
