using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Alerts.Domain;

/// <summary>
/// One alert that sees one price after the other: the rules by which evaluation fires alerts in sets, for a single one. Tests hold both against the same
/// plain reading.
/// </summary>
/// <param name="isMet">Whether the condition held before the first price; null where no price was known.</param>
internal sealed class AlertWatch(AlertTerms terms, bool? isMet)
{
    private readonly bool _isUpward =
        terms.Condition is AlertCondition.Above or AlertCondition.CrossesAbove or AlertCondition.PercentUp;

    private readonly SlidingExtreme? _reference = terms.Condition.IsMovement()
        ? new SlidingExtreme(terms.Condition == AlertCondition.PercentUp, terms.WindowSeconds!.Value)
        : null;

    private readonly decimal _factor =
        1 + ((terms.Condition == AlertCondition.PercentUp ? terms.Price : -terms.Price) / 100);

    private readonly Queue<DateTime> _firedLately = new();
    private bool? _isMet = isMet;
    private DateTime? _lastFiredAt;

    /// <summary>Whether it has fired for the last time: <c>once</c>, expired, or braked.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Of before the watch begins: what movements are measured against.</summary>
    public void Remember(DateTime at, decimal price) => _reference?.Add(at, price);

    /// <returns>Whether the alert fires.</returns>
    public bool See(DateTime at, decimal price)
    {
        _reference?.Add(at, price);
        IsOver |= at >= terms.ExpiresAt?.UtcDateTime;
        if (IsOver)
        {
            return false;
        }

        var before = _isMet;
        _isMet = Ask(price) ?? before ?? false;
        var crosses = _isMet is true && before is not true && (before is false || !terms.Condition.IsEdge());
        if (!crosses || at < _lastFiredAt + TimeSpan.FromSeconds(terms.CooldownSeconds))
        {
            return false;
        }

        _lastFiredAt = at;
        IsOver = terms.Repeat == AlertRepeat.Once || IsStorm(at);
        return true;
    }

    /// <summary>Met, not met any more, or (null) past the target on the way back but not far enough.</summary>
    private bool? Ask(decimal price)
    {
        if (Target() is not { } target)
        {
            return false;
        }

        if (_isUpward ? price >= target : price <= target)
        {
            return true;
        }

        if (terms.HysteresisPercent == 0)
        {
            return false;
        }

        var margin = terms.HysteresisPercent / 100;
        var isBack = _isUpward
            ? price <= Product(target, 1 - margin)
            : Product(target, 1 + margin) is { } back && price >= back;
        return isBack ? false : null;
    }

    /// <summary>Null where nothing can be reached: a movement from nothing, or beyond all numbers.</summary>
    private decimal? Target() =>
        _reference is null ? terms.Price
        : _reference.Value == 0 ? null
        : Product(_reference.Value, _factor);

    private static decimal? Product(decimal a, decimal b)
    {
        const decimal Half = 10_000_000_000_000;
        return a < Half && b < Half ? a * b : Exact.Estimate(a, b);
    }

    private bool IsStorm(DateTime at)
    {
        while (_firedLately.TryPeek(out var first) && first <= at - Alert.StormLasts)
        {
            _firedLately.Dequeue();
        }

        _firedLately.Enqueue(at);
        return _firedLately.Count >= Alert.StormFirings;
    }

    /// <summary>The lowest (highest) of the prices within the window that ends with the newest.</summary>
    private sealed class SlidingExtreme(bool isLowest, int windowSeconds)
    {
        // Those that no later one has outdone, in a ring: the first is the extreme.
        private (DateTime At, decimal Price)[] _standing = new (DateTime, decimal)[64];
        private int _first;
        private int _count;

        public decimal Value => _standing[_first].Price;

        public void Add(DateTime at, decimal price)
        {
            while (_count > 0 && (isLowest ? Last.Price >= price : Last.Price <= price))
            {
                _count--;
            }

            if (_count == _standing.Length)
            {
                Grow();
            }

            _count++;
            Last = (at, price);
            var starts = at.AddSeconds(-windowSeconds);
            while (_standing[_first].At < starts)
            {
                _first = (_first + 1) & (_standing.Length - 1);
                _count--;
            }
        }

        /// <summary>The length is a power of two, so that a place in the ring is a mask away.</summary>
        private ref (DateTime At, decimal Price) Last => ref _standing[(_first + _count - 1) & (_standing.Length - 1)];

        private void Grow()
        {
            var larger = new (DateTime, decimal)[_standing.Length * 2];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _standing[(_first + i) & (_standing.Length - 1)];
            }

            (_standing, _first) = (larger, 0);
        }
    }
}
