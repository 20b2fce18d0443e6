namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>The questions that can be asked of providers.</summary>
internal static class ProviderSpecs
{
    /// <summary>In order to change it.</summary>
    public sealed class ById : Specification<ApiProvider>
    {
        public ById(Guid id) => Query.Where(provider => provider.Id == id).ForUpdate();
    }
}
