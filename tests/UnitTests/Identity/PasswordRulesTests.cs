using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class PasswordRulesTests
{
    [TestCase(PasswordRules.MinLength - 1, false)]
    [TestCase(PasswordRules.MinLength, true)]
    [TestCase(PasswordRules.MaxLength, true)]
    [TestCase(PasswordRules.MaxLength + 1, false)]
    public void Length_alone_decides(int length, bool isGood)
    {
        var password = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * (i + 1) / 2 % 26))));

        Assert.That(PasswordRules.Complaint(password, "somebody@example.com") is null, Is.EqualTo(isGood));
    }

    [Test]
    public void A_character_outside_the_basic_plane_is_one() =>
        Assert.That(
            PasswordRules.LengthComplaint(string.Concat(Enumerable.Repeat("🐎", PasswordRules.MaxLength))),
            Is.Null
        );

    [TestCase("my name is alice, hello", "alice@example.com", false)]
    [TestCase("MY NAME IS ALICE, HELLO", "alice@example.com", false)]
    [TestCase("my name is alice, hello", "bob@example.com", true)]
    [TestCase("my name is alice, hello", "al@example.com", true, Description = "two letters tell nothing")]
    [TestCase("my name is alice, hello", "alice+crypto@example.com", false)]
    [TestCase("my name is alice, hello", "al+crypto@example.com", true)]
    public void The_local_part_is_not_in_it(string password, string email, bool isGood) =>
        Assert.That(PasswordRules.Complaint(password, email) is null, Is.EqualTo(isGood));

    [TestCase("qwertyuiopasdfghjkl")]
    [TestCase("QwertyUiopAsdfghjkl")]
    [TestCase("aaaaaaaaaaaaaaaaaaaa")]
    [TestCase("bitcoinbitcoinbitcoin")]
    [TestCase("123456789012345")]
    [TestCase("123456789123456")]
    [TestCase("passwordpassword")]
    [TestCase("iloveyouiloveyou")]
    [TestCase("qwertyuiop123456")]
    [TestCase("qwertyuiopasdfgh")]
    [TestCase("1q2w3e4r5t6y7u8i9o0p")]
    [TestCase("1qaz2wsx3edc4rfv")]
    [TestCase("password1234567")]
    [TestCase("Password123456!")]
    [TestCase("P@ssw0rdP@ssw0rd")]
    [TestCase("!!!passwordpassword!!!")]
    [TestCase("football12345678")]
    [TestCase("correcthorsebatterystaple")]
    [TestCase("TheQuickBrownFox")]
    [TestCase("maytheforcebewithyou")]
    public void What_is_guessed_first_is_refused(string password) =>
        Assert.That(PasswordRules.Complaint(password, "somebody@example.com"), Does.Contain("guessed first"));

    [TestCase("CorrectHorseBatteryStaple1!")]
    [TestCase("the first of two passwords")]
    [TestCase("abc839201938471")]
    [TestCase("integration-test-password")]
    [TestCase("password of a password of a word")]
    public void What_only_holds_a_word_of_the_list_is_not(string password) =>
        Assert.That(PasswordRules.Complaint(password, "somebody@example.com"), Is.Null);

    [Test]
    public void The_list_is_a_long_one() => Assert.That(CommonPasswords.Count, Is.GreaterThan(50_000));

    [Test]
    public void Neither_digits_nor_capitals_nor_signs_are_asked_for() =>
        Assert.That(PasswordRules.Complaint("correct horse battery staple", "somebody@example.com"), Is.Null);
}
