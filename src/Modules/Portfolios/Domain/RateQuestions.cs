namespace CryptoBeacon.Portfolios.Domain;

/// <summary>The questions of a walk: it answers none and keeps them.</summary>
internal sealed class RateQuestions : IRates
{
    private readonly HashSet<(string CoinId, DateTimeOffset Time)> _asked = [];

    public IReadOnlyCollection<(string CoinId, DateTimeOffset Time)> Asked => _asked;

    public decimal? At(string coinId, DateTimeOffset time)
    {
        _asked.Add((coinId, time));
        return null;
    }
}
