using System.Data.Common;
using AutoMapper;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Features;

/// <summary>A trade as clients see it.</summary>
internal sealed record TradeDto : IVersioned
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, portfolio_id, coin_id, type, quantity, case when price_basis <> 'unknown' then price end as price,
        case when price_basis <> 'unknown' then total_value end as total_value, currency, fee, fee_currency, deduct_fees, "timestamp",
        acquired_at, exchange, external_id, link_id, notes, tags, import_id
        """;

    public required Guid Id { get; init; }

    public required Guid PortfolioId { get; init; }

    public required string CoinId { get; init; }

    public required TradeType Type { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>Null, as the total value is, where nobody said and no rate tells.</summary>
    public decimal? Price { get; init; }

    public decimal? TotalValue { get; init; }

    public required string Currency { get; init; }

    public required decimal Fee { get; init; }

    public required string FeeCurrency { get; init; }

    public required bool DeductFees { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public DateTimeOffset? AcquiredAt { get; init; }

    public string? Exchange { get; init; }

    public string? ExternalId { get; init; }

    public string? LinkId { get; init; }

    public string? Notes { get; init; }

    public string[] Tags { get; init; } = [];

    public Guid? ImportId { get; init; }

    public uint Version { get; init; }

    /// <summary>A row of <see cref="Columns"/>, by hand: pages of trades are read most, and Dapper boxes each value.</summary>
    public static TradeDto Read(DbDataReader row) =>
        new()
        {
            Id = row.GetGuid(0),
            PortfolioId = row.GetGuid(1),
            CoinId = row.GetString(2),
            Type = WireName.Parse<TradeType>(row.GetString(3)),
            Quantity = row.GetDecimal(4),
            Price = row.IsDBNull(5) ? null : row.GetDecimal(5),
            TotalValue = row.IsDBNull(6) ? null : row.GetDecimal(6),
            Currency = row.GetString(7),
            Fee = row.GetDecimal(8),
            FeeCurrency = row.GetString(9),
            DeductFees = row.GetBoolean(10),
            Timestamp = row.GetDateTime(11),
            AcquiredAt = row.IsDBNull(12) ? null : row.GetDateTime(12),
            Exchange = row.IsDBNull(13) ? null : row.GetString(13),
            ExternalId = row.IsDBNull(14) ? null : row.GetString(14),
            LinkId = row.IsDBNull(15) ? null : row.GetString(15),
            Notes = row.IsDBNull(16) ? null : row.GetString(16),
            Tags = row.IsDBNull(17) ? [] : row.GetFieldValue<string[]>(17),
            ImportId = row.IsDBNull(18) ? null : row.GetGuid(18),
        };

    public TradeInput ToInput() =>
        new()
        {
            PortfolioId = PortfolioId,
            CoinId = CoinId,
            Type = Type,
            Quantity = Quantity,
            Price = Price,
            TotalValue = TotalValue,
            Currency = Currency,
            Fee = Fee,
            FeeCurrency = FeeCurrency,
            DeductFees = DeductFees,
            Timestamp = Timestamp,
            AcquiredAt = AcquiredAt,
            Exchange = Exchange,
            ExternalId = ExternalId,
            LinkId = LinkId,
            Notes = Notes,
            Tags = Tags,
        };

    internal sealed class Mapping : Profile
    {
        public Mapping() =>
            CreateMap<Trade, TradeDto>()
                .ForMember(dto => dto.Price, map => map.MapFrom(trade => trade.ToInput().Price))
                .ForMember(dto => dto.TotalValue, map => map.MapFrom(trade => trade.ToInput().TotalValue));
    }
}
