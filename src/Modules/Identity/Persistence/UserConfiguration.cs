using CryptoBeacon.Identity.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Identity.Persistence;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.IsAggregate("identity", "users");
        builder.Property(user => user.Preferences).HasColumnType("jsonb");

        // Every sign-in writes to the row, so xmin would change under its reader: a trigger counts what owner and administrators change.
        builder.Property(user => user.Version).HasColumnName("revision").HasColumnType("bigint").HasConversion<long>();
    }
}
