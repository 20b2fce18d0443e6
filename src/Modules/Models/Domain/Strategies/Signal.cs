namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>What a strategy asks for; several at once are carried out in the order exits, entries.</summary>
[Flags]
internal enum SignalKind
{
    None = 0,
    ExitLong = 1,
    EnterLong = 2,
    ExitShort = 4,
    EnterShort = 8,

    /// <summary>Buy for an amount of money, fee included, whatever is held.</summary>
    Buy = 16,

    /// <summary>Come to a ratio of the equity.</summary>
    Target = 32,
}

/// <summary>What a strategy says on a bar's close; it is filled at the asset's next open.</summary>
/// <param name="Value">The amount of <see cref="SignalKind.Buy"/>, the ratio of <see cref="SignalKind.Target"/>.</param>
internal readonly record struct Signal(SignalKind Kind, double Value = 0)
{
    public static readonly Signal None;
    public static readonly Signal Up = new(SignalKind.ExitShort | SignalKind.EnterLong);
    public static readonly Signal Down = new(SignalKind.ExitLong | SignalKind.EnterShort);
    public static readonly Signal ExitLong = new(SignalKind.ExitLong);
    public static readonly Signal ExitShort = new(SignalKind.ExitShort);

    public bool Has(SignalKind kind) => (Kind & kind) != 0;
}
