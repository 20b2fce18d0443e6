using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CryptoBeacon.Domain.Values;

/// <summary>
/// Decimal numbers as the product handles them: at most 28 significant digits and 18 decimals, in plain notation.
/// What does not fit is refused, never rounded.
/// </summary>
public static class Exact
{
    public const int MaxSignificantDigits = 28;
    public const int MaxDecimals = 18;
    public const string Rule = "must be a decimal number with at most 28 significant digits and 18 decimals";

    private static readonly BigInteger Limit = BigInteger.Pow(10, MaxSignificantDigits);

    // Three decimals' scales and the decimals of a result.
    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, 112).Select(n => BigInteger.Pow(10, n))];

    // By scale: below these, in 27 digits, decimal's own sum can't have been rounded.
    private static readonly decimal[] OneDigitLess =
    [
        .. Enumerable.Range(0, MaxSignificantDigits + 1).Select(scale => new decimal(1e27) / Pow10(scale)),
    ];

    private static readonly UInt128[] WordPowers = [.. Enumerable.Range(0, 38).Select(n => (UInt128)Powers[n])];

    private const decimal RoomForAllDecimals = 10_000_000_000;

    private const double RoomForOneDigitMore = 1e27;

    // Longer texts can't fit but would cost time to scan.
    private const int MaxTextLength = 128;

    /// <summary>Reads <c>-12.340</c>; an exponent (<c>1e-8</c>) only where <paramref name="allowExponent"/> says so.</summary>
    /// <returns>False when the text is no number or the number does not fit.</returns>
    public static bool TryParse(
        ReadOnlySpan<char> text,
        bool allowExponent,
        out decimal value,
        int maxDecimals = MaxDecimals
    )
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxTextLength)
        {
            return false;
        }

        var exponent = 0;
        var mark = text.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (
                !allowExponent
                || !int.TryParse(
                    text[(mark + 1)..],
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out exponent
                )
                || exponent is < -MaxTextLength or > MaxTextLength
            )
            {
                return false;
            }

            text = text[..mark];
        }

        var negative = text is ['-', ..];
        if (negative)
        {
            text = text[1..];
        }

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (
            whole.IsEmpty
            || (point >= 0 && fraction.IsEmpty)
            || whole.ContainsAnyExceptInRange('0', '9')
            || fraction.ContainsAnyExceptInRange('0', '9')
        )
        {
            return false;
        }

        var digits = string.Concat(whole, fraction).TrimStart('0');
        var scale = fraction.Length - exponent;
        var significant = digits.TrimEnd('0');
        scale -= digits.Length - significant.Length;
        if (significant.Length == 0)
        {
            return true;
        }

        if (significant.Length + Math.Max(0, -scale) > MaxSignificantDigits || scale > maxDecimals)
        {
            return false;
        }

        var unscaled = decimal.Parse(significant, NumberStyles.None, CultureInfo.InvariantCulture);
        value = scale >= 0 ? unscaled / Pow10(scale) : unscaled * Pow10(-scale);
        value = negative ? -value : value;
        return true;
    }

    /// <summary>Plain notation without trailing zeros: <c>0.00000001</c>.</summary>
    public static string Format(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        if (text.Contains('.', StringComparison.Ordinal))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        return text is "-0" ? "0" : text;
    }

    /// <summary>The same as UTF-8, into 32 bytes or more.</summary>
    /// <returns>How many bytes it takes.</returns>
    public static int Format(decimal value, Span<byte> text)
    {
        if (!value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture))
        {
            throw new ArgumentException("A decimal needs up to 31 bytes.", nameof(text));
        }

        if (text[..length].Contains((byte)'.'))
        {
            length = text[..length].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        }

        if (text[..length].SequenceEqual("-0"u8))
        {
            text[0] = (byte)'0';
            return 1;
        }

        return length;
    }

    /// <summary>Whether a value, however computed, can be stored and answered without rounding.</summary>
    public static bool Fits(decimal value) => TryParse(Format(value), allowExponent: false, out _);

    /// <summary>The product, half-even at the 18th decimal; null when it does not fit 28 digits.</summary>
    public static decimal? Multiply(decimal a, decimal b) =>
        Quotient(Unscaled(a) * Unscaled(b), Powers[a.Scale + b.Scale], MaxDecimals);

    /// <summary>The quotient, half-even at the 18th decimal; null when it does not fit 28 digits or the divisor is 0.</summary>
    public static decimal? Divide(decimal a, decimal b) =>
        b == 0 ? null : Quotient(Unscaled(a) * Powers[b.Scale], Unscaled(b) * Powers[a.Scale], MaxDecimals);

    /// <summary>
    /// a × b ÷ c in one rounding, for answers that are computed and not kept: half-even at the 18th decimal, or at the last that 28
    /// digits leave room for; null when even the whole part does not fit or the divisor is 0.
    /// </summary>
    public static decimal? Estimate(decimal a, decimal b, decimal c = 1)
    {
        if (c == 0)
        {
            return null;
        }

        return (c == 1 ? ProductInDecimal(a, b) : null)
            ?? BestQuotient(Unscaled(a) * Unscaled(b) * Powers[c.Scale], Unscaled(c) * Powers[a.Scale + b.Scale]);
    }

    /// <summary>Decimal's own product is exact as long as it keeps all decimals, which most money's does. Null where it might not be, or might not fit.</summary>
    private static decimal? ProductInDecimal(decimal a, decimal b)
    {
        if (Math.Abs((double)a * (double)b) > RoomForOneDigitMore)
        {
            return null;
        }

        var product = a * b;
        return product.Scale == a.Scale + b.Scale ? Rounded(product) : null;
    }

    /// <summary>A statistic, computed in binary, to its 15 significant digits; null when it is no number or does not fit.</summary>
    public static decimal? Estimate(double? value) =>
        value is { } known && Math.Abs(known) < (double)Limit ? decimal.Round((decimal)known, MaxDecimals) : null;

    /// <summary>The sum; null when it does not fit 28 digits, where decimal's own addition would round.</summary>
    public static decimal? Add(decimal a, decimal b) =>
        SumInDecimal(a, b)
        ?? Quotient(
            (Unscaled(a) * Powers[b.Scale]) + (Unscaled(b) * Powers[a.Scale]),
            Powers[a.Scale + b.Scale],
            MaxDecimals
        );

    /// <summary>
    /// The sum, for answers that are computed and not kept: exact, or half-even at the last decimal that 28 digits leave room for; null when
    /// even the whole part does not fit.
    /// </summary>
    public static decimal? Sum(decimal a, decimal b) =>
        SumInDecimal(a, b)
        ?? BestQuotient((Unscaled(a) * Powers[b.Scale]) + (Unscaled(b) * Powers[a.Scale]), Powers[a.Scale + b.Scale]);

    /// <summary>Decimal's own sum is exact as long as it keeps all decimals. Null where it might not be, or might not fit.</summary>
    private static decimal? SumInDecimal(decimal a, decimal b)
    {
        var sum = a + b;
        return sum.Scale == Math.Max(a.Scale, b.Scale) ? Rounded(sum) : null;
    }

    /// <summary>Half-even at the 18th decimal; null where it might not fit 28 digits.</summary>
    private static decimal? Rounded(decimal exact)
    {
        var rounded = exact.Scale > MaxDecimals ? decimal.Round(exact, MaxDecimals) : exact;
        // It fits where one more digit would.
        return Math.Abs(rounded) < OneDigitLess[rounded.Scale] ? rounded : null;
    }

    /// <summary>
    /// part ÷ whole of a total: half-even at the 18th decimal, or at the last that 28 digits leave the total room for, so that what is left of it
    /// fits, too.
    /// </summary>
    public static decimal Share(decimal total, decimal part, decimal whole) =>
        ShareInWords(total, part, whole)
        // Not more than the total, which fits.
        ?? Quotient(
            Unscaled(total) * Unscaled(part) * Powers[whole.Scale],
            Unscaled(whole) * Powers[total.Scale + part.Scale],
            Math.Clamp(MaxSignificantDigits - WholeDigits(total), 0, MaxDecimals)
        )!.Value;

    /// <summary>
    /// The same in 128 bits, which most money fits: lots are split by the million. Null where it might not fit, or where the total leaves no room for
    /// 18 decimals.
    /// </summary>
    private static decimal? ShareInWords(decimal total, decimal part, decimal whole)
    {
        var shift = MaxDecimals + whole.Scale - total.Scale - part.Scale;
        if (part < 0 || whole < part || whole == 0 || Math.Abs(total) >= RoomForAllDecimals || shift is < 0 or > 37)
        {
            return null;
        }

        var (a, b, power) = (Words(total), Words(part), WordPowers[shift]);
        if (Bits(a) + Bits(b) + Bits(power) > 127)
        {
            return null;
        }

        var divisor = Words(whole);
        var (quotient, rest) = UInt128.DivRem(a * b * power, divisor);
        var doubled = rest << 1;
        if (doubled > divisor || (doubled == divisor && UInt128.IsOddInteger(quotient)))
        {
            quotient++;
        }

        return new decimal(
            (int)(uint)quotient,
            (int)(uint)(quotient >> 32),
            (int)(uint)(quotient >> 64),
            decimal.IsNegative(total),
            MaxDecimals
        );

        static int Bits(UInt128 value) => 128 - (int)UInt128.LeadingZeroCount(value);
    }

    private static int WholeDigits(decimal value)
    {
        var digits = 0;
        for (var rest = decimal.Truncate(Math.Abs(value)); rest >= 1; rest = decimal.Truncate(rest / 10))
        {
            digits++;
        }

        return digits;
    }

    /// <summary>
    /// (weightX × x + weightY × y) ÷ (weightX + weightY), both weights positive, in one rounding: half-even at the 18th decimal, or at the last
    /// that 28 digits leave room for.
    /// </summary>
    public static decimal WeightedMean(decimal weightX, decimal x, decimal weightY, decimal y)
    {
        var (scaleX, scaleY) = (Powers[weightX.Scale], Powers[weightY.Scale]);
        var sum =
            (Unscaled(weightX) * Unscaled(x) * scaleY * Powers[y.Scale])
            + (Unscaled(weightY) * Unscaled(y) * scaleX * Powers[x.Scale]);
        var weight = (Unscaled(weightX) * scaleY) + (Unscaled(weightY) * scaleX);
        // A mean lies between its terms, which fit.
        return BestQuotient(sum, weight * Powers[x.Scale + y.Scale])!.Value;
    }

    /// <summary>
    /// Whether <paramref name="product"/> is a × b, allowing for one of product and b having been derived from the others and rounded at
    /// the 18th decimal: half a unit of it, times a where that is more than 1.
    /// </summary>
    public static bool IsProduct(decimal product, decimal a, decimal b)
    {
        var scale = product.Scale + a.Scale + b.Scale;
        var error =
            (Unscaled(product) * Powers[scale - product.Scale])
            - (Unscaled(a) * Unscaled(b) * Powers[scale - a.Scale - b.Scale]);
        var factor = Math.Max(Math.Abs(a), 1);
        return BigInteger.Abs(error) * 2 * Powers[MaxDecimals + factor.Scale] <= Unscaled(factor) * Powers[scale];
    }

    private static decimal? BestQuotient(BigInteger numerator, BigInteger denominator)
    {
        decimal? quotient = null;
        for (var decimals = MaxDecimals; decimals >= 0 && quotient is null; decimals--)
        {
            quotient = Quotient(numerator, denominator, decimals);
        }

        return quotient;
    }

    private static UInt128 Words(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        return new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
    }

    private static BigInteger Unscaled(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = new BigInteger(MemoryMarshal.AsBytes(bits[..3]), isUnsigned: true);
        return value < 0 ? -magnitude : magnitude;
    }

    private static decimal? Quotient(BigInteger numerator, BigInteger denominator, int decimals)
    {
        if (denominator.Sign < 0)
        {
            (numerator, denominator) = (-numerator, -denominator);
        }

        var negative = numerator.Sign < 0;
        var quotient = BigInteger.DivRem(BigInteger.Abs(numerator) * Powers[decimals], denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        if (half > 0 || (half == 0 && !quotient.IsEven))
        {
            quotient++;
        }

        while (decimals > 0 && quotient % 10 == 0)
        {
            quotient /= 10;
            decimals--;
        }

        return quotient >= Limit ? null : (negative ? -1 : 1) * ((decimal)quotient / Pow10(decimals));
    }

    private static decimal Pow10(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
