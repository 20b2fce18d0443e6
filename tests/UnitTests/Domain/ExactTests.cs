using System.Globalization;
using System.Numerics;
using System.Text;
using CryptoBeacon.Domain.Values;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Domain;

internal sealed class ExactTests
{
    [TestCase("0", "0")]
    [TestCase("-0", "0")]
    [TestCase("-0.00", "0")]
    [TestCase("0.00000001", "0.00000001")]
    [TestCase("1.10", "1.1")]
    [TestCase("100", "100")]
    [TestCase("007", "7")]
    [TestCase("-12.340", "-12.34")]
    [TestCase("9999999999999999999999999999", "9999999999999999999999999999")]
    [TestCase("0.000000000000000001", "0.000000000000000001")]
    [TestCase("9999999999.999999999999999999", "9999999999.999999999999999999")]
    [TestCase("1.000000000000000000000000000000", "1")]
    public void Plain_notation_in_plain_notation_out(string text, string expected)
    {
        Assert.That(Exact.TryParse(text, allowExponent: false, out var value), Is.True);
        Assert.That(Exact.Format(value), Is.EqualTo(expected));
        var utf8 = new byte[32];
        Assert.That(Encoding.UTF8.GetString(utf8, 0, Exact.Format(value, utf8)), Is.EqualTo(expected));
    }

    [TestCase("1e-8", "0.00000001")]
    [TestCase("1E+3", "1000")]
    [TestCase("12.5e1", "125")]
    [TestCase("0e99", "0")]
    [TestCase("-1.5e-2", "-0.015")]
    [TestCase("1e27", "1000000000000000000000000000")]
    public void A_json_number_may_have_an_exponent(string text, string expected)
    {
        Assert.That(Exact.TryParse(text, allowExponent: true, out var value), Is.True);
        Assert.That(Exact.Format(value), Is.EqualTo(expected));
        Assert.That(Exact.TryParse(text, allowExponent: false, out _), Is.False);
    }

    [TestCase("10000000000000000000000000001", Description = "29 digits")]
    [TestCase("12345678901.123456789012345678", Description = "29 digits with a point")]
    [TestCase("0.1000000000000000001", Description = "19 decimals")]
    [TestCase("10000000000000000000000000000", Description = "10^28")]
    [TestCase("1e28")]
    [TestCase("1e-19")]
    [TestCase("1e2147483647")]
    [TestCase("1e-2147483648")]
    [TestCase("1e99999999999")]
    [TestCase("1e")]
    [TestCase("e5")]
    [TestCase("")]
    [TestCase("-")]
    [TestCase(".")]
    [TestCase(".5")]
    [TestCase("5.")]
    [TestCase("+5")]
    [TestCase("--5")]
    [TestCase("1_000")]
    [TestCase("1,000")]
    [TestCase(" 1")]
    [TestCase("1 ")]
    [TestCase("1.2.3")]
    [TestCase("٣")]
    [TestCase("NaN")]
    [TestCase("1e 5")]
    public void What_does_not_fit_is_refused(string text) =>
        Assert.That(Exact.TryParse(text, allowExponent: true, out _), Is.False);

    [Test]
    public void What_goes_in_comes_out() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Decimals,
                value => Exact.TryParse(Exact.Format(value), false, out var back) && back == value && Exact.Fits(value)
            )
        );

    [Test]
    public void A_product_is_rounded_once_and_half_even() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Decimals,
                Decimals,
                (a, b) => Exact.Multiply(a, b) == Rounded(Rational.Of(a) * Rational.Of(b), 18)
            )
        );

    [Test]
    public void A_quotient_is_rounded_once_and_half_even() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Decimals,
                Decimals,
                (a, b) => Exact.Divide(a, b) == (b == 0 ? null : Rounded(Rational.Of(a) / Rational.Of(b), 18))
            )
        );

    [Test]
    public void An_estimate_keeps_as_many_decimals_as_fit() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Decimals,
                Decimals,
                Decimals,
                (a, b, c) =>
                {
                    decimal? expected = null;
                    for (var decimals = 18; c != 0 && decimals >= 0 && expected is null; decimals--)
                    {
                        expected = Rounded(Rational.Of(a) * Rational.Of(b) / Rational.Of(c), decimals);
                    }

                    return Exact.Estimate(a, b, c) == expected;
                }
            )
        );

    [Test]
    public void A_share_is_rounded_where_the_total_has_room()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5000),
            Prop.ForAll(
                Decimals,
                Decimals,
                Decimals,
                (total, x, y) =>
                {
                    var (part, whole) = (Math.Min(Math.Abs(x), Math.Abs(y)), Math.Max(Math.Abs(x), Math.Abs(y)));
                    var wholeDigits = decimal.Truncate(Math.Abs(total))
                        .ToString("0", CultureInfo.InvariantCulture)
                        .TrimStart('0')
                        .Length;
                    return whole == 0
                        || Exact.Share(total, part, whole)
                            == Rounded(
                                Rational.Of(total) * Rational.Of(part) / Rational.Of(whole),
                                Math.Min(18, 28 - wholeDigits)
                            );
                }
            )
        );
        Assert.That(Exact.Share(100, 1, 3), Is.EqualTo(33.333333333333333333m));
        Assert.That(Exact.Share(-1, 1, 2_000_000_000_000_000_000m), Is.Zero);
        Assert.That(Exact.Share(12_345_678_901m, 1, 3), Is.EqualTo(4_115_226_300.33333333333333333m));
    }

    [Test]
    public void A_sum_is_exact_or_rounded_to_28_digits() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5000),
            Prop.ForAll(
                Decimals,
                Decimals,
                (a, b) =>
                {
                    decimal? expected = null;
                    for (var decimals = 18; decimals >= 0 && expected is null; decimals--)
                    {
                        expected = Rounded(Rational.Of(a) + Rational.Of(b), decimals);
                    }

                    return Exact.Sum(a, b) == expected;
                }
            )
        );

    [TestCase("0.000000000000000001", "0.5", "0")]
    [TestCase("0.000000000000000003", "0.5", "0.000000000000000002")]
    [TestCase("-0.000000000000000003", "0.5", "-0.000000000000000002")]
    [TestCase("0.000000000000000005", "0.5", "0.000000000000000002")]
    [TestCase("9999999999999999999999999999", "1", "9999999999999999999999999999")]
    [TestCase("9999999999999999999999999999", "10", null)]
    public void Ties_go_to_the_even_neighbour(string a, string b, string? product) =>
        Assert.That(Exact.Multiply(Parse(a), Parse(b)), Is.EqualTo(product is null ? null : Parse(product)));

    [Test]
    public void Division_by_nothing_is_no_number()
    {
        Assert.That(Exact.Divide(1, 0), Is.Null);
        Assert.That(Exact.Estimate(1, 1, 0), Is.Null);
    }

    /// <summary>Everything that fits, the extremes and short numbers more often than chance would have it.</summary>
    private static Arbitrary<decimal> Decimals =>
        (
            from digits in Gen.Choose(0, 28)
            from unscaled in Gen.Choose(0, 9).ArrayOf(digits)
            from scale in Gen.Choose(0, 18)
            from negative in Gen.Elements(true, false)
            select Parse((negative ? "-" : "") + WithPoint(string.Concat(unscaled), scale))
        ).ToArbitrary();

    private static string WithPoint(string digits, int scale)
    {
        var padded = digits.PadLeft(scale + 1, '0');
        return scale == 0 ? padded : $"{padded[..^scale]}.{padded[^scale..]}";
    }

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static decimal? Rounded(Rational exact, int decimals)
    {
        var scaled = exact.Numerator * BigInteger.Pow(10, decimals);
        var (floor, rest) = (
            BigInteger.Divide(scaled - Mod(scaled, exact.Denominator), exact.Denominator),
            Mod(scaled, exact.Denominator)
        );
        var twice = (rest * 2).CompareTo(exact.Denominator);
        var rounded = twice > 0 || (twice == 0 && !floor.IsEven) ? floor + 1 : floor;
        var digits = BigInteger.Abs(rounded).ToString(CultureInfo.InvariantCulture);
        var text = (rounded.Sign < 0 ? "-" : "") + WithPoint(digits, decimals);
        return Exact.TryParse(text, allowExponent: false, out var value) ? value : null;
    }

    private static BigInteger Mod(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;

    private readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
    {
        public static Rational Of(decimal value)
        {
            var text = value.ToString(CultureInfo.InvariantCulture);
            var point = text.IndexOf('.', StringComparison.Ordinal);
            var decimals = point < 0 ? 0 : text.Length - point - 1;
            return new(
                BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture),
                BigInteger.Pow(10, decimals)
            );
        }

        public static Rational operator +(Rational a, Rational b) =>
            new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

        public static Rational operator *(Rational a, Rational b) =>
            new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

        public static Rational operator /(Rational a, Rational b) =>
            new(a.Numerator * b.Denominator * b.Numerator.Sign, a.Denominator * BigInteger.Abs(b.Numerator));
    }
}
