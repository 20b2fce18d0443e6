using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.IntegrationTests.Alerts;

/// <summary>A price of a pair when it held.</summary>
internal sealed record Quote(DateTime At, decimal Price);

internal sealed record Firing(Guid AlertId, DateTime At, decimal Price) : IComparable<Firing>
{
    public int CompareTo(Firing? other) => (AlertId, At, Price).CompareTo((other!.AlertId, other.At, other.Price));
}

/// <summary>One alert, one price after the other, as the contract words it: what evaluation in sets is held against.</summary>
internal static class PlainReading
{
    private static readonly TimeSpan StormLasts = TimeSpan.FromMinutes(3);

    /// <summary>Prices in the order of their time, batch by batch; what is older than the newest known before its batch is late.</summary>
    public static List<Quote> InOrder(IEnumerable<IEnumerable<Quote>> batches)
    {
        var read = new List<Quote>();
        foreach (var batch in batches)
        {
            var newest = read.Count == 0 ? DateTime.MinValue : read[^1].At;
            read.AddRange(batch.Where(quote => quote.At >= newest).OrderBy(quote => quote.At));
        }

        return read;
    }

    public static IEnumerable<Firing> Of(Guid id, AlertTerms alert, IReadOnlyList<Quote> quotes)
    {
        var isUpward =
            alert.Condition is AlertCondition.Above or AlertCondition.CrossesAbove or AlertCondition.PercentUp;
        var isEdge = alert.Condition is AlertCondition.CrossesAbove or AlertCondition.CrossesBelow;
        var sign = isUpward ? 1 : -1;
        bool? met = null;
        var fired = new List<DateTime>();
        for (var index = 0; index < quotes.Count; index++)
        {
            var (at, price) = quotes[index];
            if (at >= alert.ExpiresAt)
            {
                yield break;
            }

            var target = TargetOf(alert, quotes, index);
            var before = met;
            var isPast = sign * (price - target) >= 0;
            var isBack = sign * (price - target) <= -target * alert.HysteresisPercent / 100;
            met =
                isPast ? true
                : isBack || before is null ? false
                : before;

            var crosses = met is true && (before is false || (before is null && !isEdge));
            var isSilent = fired.Count > 0 && at - fired[^1] < TimeSpan.FromSeconds(alert.CooldownSeconds);
            if (!crosses || isSilent)
            {
                continue;
            }

            fired.Add(at);
            yield return new Firing(id, at, price);
            if (alert.Repeat == AlertRepeat.Once || (fired.Count >= 15 && at - fired[^15] < StormLasts))
            {
                yield break;
            }
        }
    }

    private static decimal TargetOf(AlertTerms alert, IReadOnlyList<Quote> quotes, int index)
    {
        if (!alert.Condition.IsMovement())
        {
            return alert.Price;
        }

        var (low, high) = (quotes[index].Price, quotes[index].Price);
        var starts = quotes[index].At - TimeSpan.FromSeconds(alert.WindowSeconds!.Value);
        for (var past = index - 1; past >= 0 && quotes[past].At >= starts; past--)
        {
            (low, high) = (Math.Min(low, quotes[past].Price), Math.Max(high, quotes[past].Price));
        }

        return alert.Condition == AlertCondition.PercentUp
            ? low * (100 + alert.Price) / 100
            : high * (100 - alert.Price) / 100;
    }
}
