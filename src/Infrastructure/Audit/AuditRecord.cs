using CryptoBeacon.Application.Audit;
using CryptoBeacon.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>A row of the audit outbox. Who acted, when and from where the database itself writes down.</summary>
internal sealed class AuditRecord
{
    public Guid Id { get; private init; } = Uuid.New();

    public Guid? UserId { get; init; }

    public required string Entity { get; init; }

    public required string EntityId { get; init; }

    public required AuditAction Action { get; init; }

    public required string Changes { get; init; }
}

internal sealed class AuditRecordConfiguration : IEntityTypeConfiguration<AuditRecord>
{
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        builder.ToTable("audit_outbox", "audit");
        builder.Property(record => record.Id).ValueGeneratedNever();
        builder
            .Property(record => record.Changes)
            .HasColumnType("jsonb")
            // Sealed on its way in, where it concerns a user.
            .IsRequired(false);
    }
}
