using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Infrastructure.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Persistence;

/// <summary>The write side of every module: it applies the configurations that it finds in their assemblies. A test holds the model against the live catalogue.</summary>
public sealed class BeaconDbContext(NpgsqlConnection connection, IEnumerable<IModule> modules) : DbContext
{
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
    {
        optionsBuilder
            .UseNpgsql(connection)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(RowLocks.Instance, AuditInterceptor.Instance);
        Database.AutoSavepointsEnabled = false;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var module in modules)
        {
            modelBuilder.ApplyConfigurationsFromAssembly(module.GetType().Assembly);
        }

        modelBuilder.ApplyConfiguration(new AuditRecordConfiguration());

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type.IsEnum)
            {
                property.SetValueConverter(
                    (ValueConverter)Activator.CreateInstance(typeof(WireNameConverter<>).MakeGenericType(type))!
                );
            }
            else if (type == typeof(decimal))
            {
                property.SetColumnType("numeric");
            }
        }
    }

    /// <summary>Enums are stored by the names that the contract gives them.</summary>
    private sealed class WireNameConverter<TEnum>()
        : ValueConverter<TEnum, string>(member => WireName.Of(member), name => WireName.Parse<TEnum>(name))
        where TEnum : struct, Enum;
}
