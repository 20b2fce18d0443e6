using System.Reflection;
using CryptoBeacon.Application.Audit;
using CryptoBeacon.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>
/// Every aggregate that is saved leaves its entry, in the same transaction and the same round trip. One that should not says why, by
/// <see cref="NeverAuditedAttribute"/>.
/// </summary>
internal sealed class AuditInterceptor : SaveChangesInterceptor
{
    public static readonly AuditInterceptor Instance = new();

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        var context = eventData.Context!;
        context.AddRange(context.ChangeTracker.Entries<Entity>().Select(RecordOf).OfType<AuditRecord>().ToList());
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var record in eventData.Context!.ChangeTracker.Entries<AuditRecord>().ToList())
        {
            record.State = EntityState.Detached;
        }

        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<int> SavingChanges(
        DbContextEventData eventData,
        InterceptionResult<int> result
    ) => throw new NotSupportedException("Changes are saved asynchronously, and never past the audit trail.");

    private static AuditRecord? RecordOf(EntityEntry<Entity> entry)
    {
        AuditAction? action = entry.State switch
        {
            EntityState.Added => AuditAction.Created,
            EntityState.Modified => AuditAction.Changed,
            EntityState.Deleted => AuditAction.Deleted,
            _ => null,
        };
        return
            action is { } done
            && entry.Metadata.ClrType.GetCustomAttribute<NeverAuditedAttribute>() is null
            && AuditedChanges.Of(entry) is { } changes
            ? new AuditRecord
            {
                UserId = entry.Metadata.FindProperty("UserId") is { } owner
                    ? (Guid?)entry.Property(owner).CurrentValue
                    : null,
                Entity = entry.Metadata.GetTableName()!,
                EntityId = entry.Entity.Id.ToString(),
                Action = done,
                Changes = changes,
            }
            : null;
    }
}
