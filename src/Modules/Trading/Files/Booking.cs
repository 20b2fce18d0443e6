using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files;

/// <summary>Turns what an exchange wrote down into entries of the ledger: symbols become coins, a swap becomes two linked legs, each of which moves only its own coin.</summary>
internal sealed class Booking(SymbolTable symbols, Guid portfolioId)
{
    /// <returns>None where only money moved.</returns>
    /// <exception cref="UnreadableRowException">A symbol is unknown, or an amount does not fit.</exception>
    public IReadOnlyList<TradeInput> Book(FileEntry entry)
    {
        if (entry.Type is not (TradeType.Buy or TradeType.Sell))
        {
            return symbols.IsMoney(entry.Asset) ? [] : [Moved(entry)];
        }

        var quote = entry.Quote is { Length: > 0 } given
            ? given
            : throw new UnreadableRowException("lacks the currency of its price");
        if (symbols.IsMoney(entry.Asset))
        {
            return symbols.IsMoney(quote) ? [] : Book(SeenFromItsQuote(entry, quote));
        }

        var other = entry.Other ?? (symbols.IsMoney(quote) ? null : OtherSideOf(entry, quote));
        if (other is null)
        {
            return [Traded(entry, quote)];
        }

        var link = entry.ExternalId;
        return
        [
            Traded(entry, quote) with
            {
                ExternalId = LegId(link, entry.Asset),
                LinkId = link,
            },
            new TradeInput
            {
                PortfolioId = portfolioId,
                CoinId = symbols.CoinOf(other.Asset),
                Type = entry.Type == TradeType.Buy ? TradeType.Sell : TradeType.Buy,
                Quantity = other.Quantity,
                Price = other.Total is null ? 1 : null,
                TotalValue = other.Total,
                Currency = CurrencyOf(quote),
                Timestamp = entry.At,
                Exchange = entry.Exchange,
                ExternalId = LegId(link, other.Asset),
                LinkId = link,
                Notes = entry.Notes,
            },
        ];
    }

    private TradeInput Moved(FileEntry entry)
    {
        var isPriced = entry is not { Price: null, Total: null } && entry.Quote is { Length: > 0 };
        return Common(entry) with
        {
            Price = isPriced && entry.Total is null ? entry.Price : null,
            TotalValue = isPriced ? entry.Total : null,
            Currency = isPriced ? CurrencyOf(entry.Quote!) : null,
        };
    }

    private TradeInput Traded(FileEntry entry, string quote)
    {
        // Exchanges round what they show: a total that is not quantity × price to the last digit is what was paid.
        var total =
            entry.Total
            ?? (entry.Price is null ? throw new UnreadableRowException("lacks its price and its total") : null);
        return Common(entry) with
        {
            Price = total is null || IsPriceExact(entry) ? entry.Price : null,
            TotalValue = total,
            Currency = CurrencyOf(quote),
        };
    }

    private static bool IsPriceExact(FileEntry entry) =>
        entry is { Price: { } price, Total: { } total } && Exact.IsProduct(total, entry.Quantity, price);

    private TradeInput Common(FileEntry entry) =>
        new()
        {
            PortfolioId = portfolioId,
            CoinId = symbols.CoinOf(entry.Asset),
            Type = entry.Type,
            Quantity = entry.Quantity,
            Fee = entry.Fee == 0 ? null : entry.Fee,
            FeeCurrency = entry is { Fee: not 0, FeeAsset: { } asset } ? symbols.FeeCurrencyOf(asset) : null,
            DeductFees =
                entry is { DeductsFee: true, Fee: not 0, FeeAsset: { } feeAsset }
                && feeAsset != entry.Asset
                && feeAsset != entry.Quote
                && !symbols.IsMoney(feeAsset)
                    ? true
                    : null,
            Timestamp = entry.At,
            Exchange = entry.Exchange,
            ExternalId = entry.ExternalId,
            Notes = entry.Notes,
        };

    /// <summary>The quote's own coins: with a fee in them, a buy spends that much more and a sale brings that much less.</summary>
    private static OtherSide OtherSideOf(FileEntry entry, string quote)
    {
        var total =
            entry.Total
            ?? (entry.Price is { } price ? Exact.Multiply(entry.Quantity, price) : null)
            ?? throw new UnreadableRowException("lacks its total, or has one that does not fit 28 digits");
        var fee = entry.FeeAsset == quote ? entry.Fee : 0;
        return new OtherSide(
            quote,
            Exact.Add(total, entry.Type == TradeType.Buy ? fee : -fee)
                ?? throw new UnreadableRowException("has a total that does not fit 28 digits"),
            Total: null
        );
    }

    /// <summary>Who buys euros for bitcoin sells bitcoin for euros.</summary>
    private static FileEntry SeenFromItsQuote(FileEntry entry, string quote) =>
        entry with
        {
            Type = entry.Type == TradeType.Buy ? TradeType.Sell : TradeType.Buy,
            Asset = quote,
            Quantity = OtherSideOf(entry with { Fee = 0 }, quote).Quantity,
            Quote = entry.Asset,
            Price = null,
            Total = entry.Quantity,
        };

    private static string? LegId(string? id, string asset) => id is null ? null : $"{id}/{asset}";

    private static string CurrencyOf(string quote) =>
        Currency.IsValid(quote)
            ? quote
            : throw new UnreadableRowException($"{Cell.Shorten(quote)} can't be a currency: it {Currency.Rule}");
}
