using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.UnitTests.Models;

internal sealed class SignificantTests
{
    [TestCase(-0.0519500000000001, "-0.05195")]
    [TestCase(0.1 + 0.2, "0.3")]
    [TestCase(123456.7890125, "123456.789012")]
    [TestCase(123456.7890135, "123456.789014")]
    [TestCase(9.99999999999999, "10")]
    [TestCase(123456789012345, "123456789012000")]
    [TestCase(1e-18, "0.000000000000000001")]
    [TestCase(1e-19, "0")]
    [TestCase(0, "0")]
    public void What_was_computed_in_binary_has_twelve_digits(double value, string expected) =>
        Assert.That(CryptoBeacon.Domain.Values.Exact.Format(Significant.Of(value)!.Value), Is.EqualTo(expected));

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(1e30)]
    [TestCase(null)]
    public void What_is_no_number_or_does_not_fit_is_none(double? value) => Assert.That(Significant.Of(value), Is.Null);
}
