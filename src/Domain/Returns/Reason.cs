namespace CryptoBeacon.Domain.Returns;

/// <summary>Why a number that was asked for is null.</summary>
public enum Unsaid
{
    /// <summary>An average or a deviation of too few values.</summary>
    TooFewPoints,

    DivisionByZero,

    /// <summary>It does not fit 28 digits.</summary>
    TooLarge,

    /// <summary>Money was only paid in, or only got back.</summary>
    OneSided,

    /// <summary>A yearly rate says nothing about hours.</summary>
    WithinOneDay,

    /// <summary>No rate makes the present value vanish.</summary>
    NoRoot,

    /// <summary>A price, a rate or a cost that it needs is not known: see <c>missing</c>.</summary>
    Incomplete,
}

/// <param name="Field">The answer's field that is null.</param>
public sealed record Reason(string Field, Unsaid Code);
