using CryptoBeacon.Application.Security;

namespace CryptoBeacon.UnitTests.Security;

internal sealed class WebhookSecretTests
{
    /// <summary>The example of the Standard Webhooks libraries' own tests.</summary>
    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [TestCase("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void It_signs_as_the_specification_does(string secret) =>
        Assert.That(
            WebhookSecret.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""),
            Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );

    [TestCase("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [TestCase("any words", true)]
    [TestCase("whsec_any-words", false)]
    [TestCase("whsec_", false)]
    public void After_its_prefix_comes_base64(string secret, bool isValid) =>
        Assert.That(WebhookSecret.IsValid(secret), Is.EqualTo(isValid));
}
