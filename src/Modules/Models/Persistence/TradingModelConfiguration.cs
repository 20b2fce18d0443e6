using CryptoBeacon.Models.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Models.Persistence;

internal sealed class TradingModelConfiguration : IEntityTypeConfiguration<TradingModel>
{
    public void Configure(EntityTypeBuilder<TradingModel> builder)
    {
        builder.IsAggregate("models", "trading_models");
        builder.Property(model => model.Configuration).HasColumnType("jsonb");
        builder.Property(model => model.Performance).HasColumnType("jsonb");

        // Back-tests write to the row, so xmin would change under its reader: a trigger counts what the owner changes.
        builder
            .Property(model => model.Version)
            .HasColumnName("revision")
            .HasColumnType("bigint")
            .HasConversion<long>();
    }
}
