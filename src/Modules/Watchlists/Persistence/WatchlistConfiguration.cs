using System.Text.Json;
using CryptoBeacon.Watchlists.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Watchlists.Persistence;

internal sealed class WatchlistConfiguration : IEntityTypeConfiguration<Watchlist>
{
    public void Configure(EntityTypeBuilder<Watchlist> builder) =>
        builder.IsAggregate("watchlists", "watchlists").Property(w => w.Order).IsJsonArray();
}

internal sealed class WatchlistItemConfiguration : IEntityTypeConfiguration<WatchlistItem>
{
    public void Configure(EntityTypeBuilder<WatchlistItem> builder)
    {
        builder.IsAggregate("watchlists", "watchlist_items").Property(i => i.CustomAlerts).IsJsonArray();
        builder.HasOne<Watchlist>().WithMany().HasForeignKey(i => i.WatchlistId);
    }
}

file static class JsonArrays
{
    /// <summary>Lists are replaced, never changed in place, so that being the same object is being equal.</summary>
    public static void IsJsonArray<T>(this PropertyBuilder<IReadOnlyList<T>> property) =>
        property
            .HasColumnType("jsonb")
            .IsRequired(false)
            .HasConversion(
                list => JsonSerializer.Serialize(list, BeaconJson.Options),
                json => JsonSerializer.Deserialize<IReadOnlyList<T>>(json, BeaconJson.Options)!,
                new ValueComparer<IReadOnlyList<T>>((a, b) => ReferenceEquals(a, b), list => list.Count, list => list)
            );
}
