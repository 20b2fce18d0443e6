using CryptoBeacon.Alerts.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Alerts.Persistence;

internal sealed class AlertConfiguration : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.IsAggregate("alerts", "alerts");

        // Prices write to the row all the time, so xmin would change under its reader: a trigger counts what the owner changes.
        builder
            .Property(alert => alert.Version)
            .HasColumnName("revision")
            .HasColumnType("bigint")
            .HasConversion<long>();
    }
}
