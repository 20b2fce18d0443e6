using CryptoBeacon.Trading.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Trading.Persistence;

internal sealed class TradeConfiguration : IEntityTypeConfiguration<Trade>
{
    public const string ExternalIdentity = "trades_external_identity";

    public void Configure(EntityTypeBuilder<Trade> builder)
    {
        builder.IsAggregate("trading", "trades");
        builder.Ignore(trade => trade.Movements);
    }
}
