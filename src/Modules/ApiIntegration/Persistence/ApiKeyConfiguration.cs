using CryptoBeacon.ApiIntegration.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.ApiIntegration.Persistence;

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.IsAggregate("api_integration", "api_keys");
        builder.Property(key => key.SealedKey).HasColumnName("api_key");
        builder.Property(key => key.SealedSecret).HasColumnName("api_secret");

        // Each use of the key writes to its row: a trigger counts what its owner changes.
        builder.Property(key => key.Version).HasColumnName("revision").HasColumnType("bigint").HasConversion<long>();
    }
}
