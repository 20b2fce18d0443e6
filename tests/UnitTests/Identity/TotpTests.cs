using System.Text;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B: the last six of its eight digits are what a code of six digits is.</summary>
    [TestCase(59, "94287082")]
    [TestCase(1111111109, "07081804")]
    [TestCase(1111111111, "14050471")]
    [TestCase(1234567890, "89005924")]
    [TestCase(2000000000, "69279037")]
    [TestCase(20000000000, "65353130")]
    public void The_vectors_of_the_RFC_are_known(long time, string code) =>
        Assert.That(Step(time, code[^6..]), Is.EqualTo(time / 30));

    [TestCase(-31, null)]
    [TestCase(-30, 37037036L)]
    [TestCase(0, 37037036L)]
    [TestCase(30, 37037036L)]
    [TestCase(60, null)]
    public void A_code_is_good_one_step_either_way(int secondsLater, long? step) =>
        Assert.That(Step(1111111080 + secondsLater, "081804"), Is.EqualTo(step));

    [TestCase("000000")]
    [TestCase("081805")]
    public void Another_code_is_of_no_step(string code) => Assert.That(Step(1111111109, code), Is.Null);

    [TestCase("123456", true)]
    [TestCase("12345", false)]
    [TestCase("1234567", false)]
    [TestCase("12345a", false)]
    [TestCase("١٢٣٤٥٦", false)]
    public void A_code_has_six_digits(string code, bool hasForm) =>
        Assert.That(Totp.HasForm(code), Is.EqualTo(hasForm));

    [Test]
    public void What_the_app_scans_says_whose_and_of_what()
    {
        var uri = Totp.ToUri(Secret, "ada+btc@tests.example");

        Assert.That(uri, Does.StartWith("otpauth://totp/Crypto%20Beacon:ada%2Bbtc%40tests.example?"));
        Assert.That(uri, Does.Contain("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").And.Contain("issuer=Crypto%20Beacon"));
        Assert.That(Totp.ToQrSvg(uri), Does.StartWith("<svg").And.EndWith("</svg>").And.Contain("viewBox"));
    }

    [Test]
    public void Recovery_codes_differ_and_are_read_however_they_are_typed()
    {
        var codes = RecoveryCodes.Make();

        Assert.That(codes, Has.Length.EqualTo(10).And.Unique.And.All.Match("^([a-z2-9]{4}-){3}[a-z2-9]{4}$"));
        Assert.That(
            RecoveryCodes.Hash(codes[0].Replace("-", " ").ToUpperInvariant()),
            Is.EqualTo(RecoveryCodes.Hash(codes[0]))
        );
    }

    private static long? Step(long time, string code) =>
        Totp.FindStep(Secret, code, DateTimeOffset.FromUnixTimeSeconds(time));
}
