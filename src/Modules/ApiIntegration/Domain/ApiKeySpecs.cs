namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>The questions that can be asked of keys.</summary>
internal static class ApiKeySpecs
{
    /// <summary>In order to change it.</summary>
    public sealed class ById : Specification<ApiKey>
    {
        public ById(Guid userId, Guid id) => Query.Where(key => key.UserId == userId && key.Id == id).ForUpdate();
    }
}
