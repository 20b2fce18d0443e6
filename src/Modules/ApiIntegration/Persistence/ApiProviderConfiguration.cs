using System.Data.Common;
using CryptoBeacon.ApiIntegration.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.ApiIntegration.Persistence;

internal sealed class ApiProviderConfiguration : IEntityTypeConfiguration<ApiProvider>
{
    private const string UniqueViolation = "23505";

    public void Configure(EntityTypeBuilder<ApiProvider> builder) =>
        builder.IsAggregate("api_integration", "api_providers");

    /// <summary>Nothing else of the table is unique that somebody writes.</summary>
    public static bool IsNameTaken(DbUpdateException exception) =>
        exception.InnerException is DbException { SqlState: UniqueViolation };
}
