namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>One line of an indicator with its arguments, such as <c>sma(20)</c> or <c>macd(12,26,9).signal</c>.</summary>
internal sealed record IndicatorLine;
