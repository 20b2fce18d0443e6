using CryptoBeacon.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Application.Persistence;

public static class ModelConventions
{
    /// <summary>What every aggregate's table has: its schema, a key that the application makes, and <c>xmin</c> as the row's version.</summary>
    public static EntityTypeBuilder<T> IsAggregate<T>(this EntityTypeBuilder<T> entity, string schema, string table)
        where T : Entity
    {
        entity.ToTable(table, schema);
        entity.HasKey(e => e.Id);
        entity.Property(e => e.Id).ValueGeneratedNever();
        entity.Property(e => e.Version).IsRowVersion();
        entity.Ignore(e => e.Events);
        return entity;
    }
}
