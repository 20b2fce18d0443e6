using CryptoBeacon.ApiIntegration.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.ApiIntegration.Persistence;

internal sealed class ApiProviderConfiguration : IEntityTypeConfiguration<ApiProvider>
{
    public void Configure(EntityTypeBuilder<ApiProvider> builder) =>
        builder.IsAggregate("api_integration", "api_providers");
}
