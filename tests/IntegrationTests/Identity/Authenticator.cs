using CryptoBeacon.IntegrationTests.Harness;
using OtpNet;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>The app on a user's phone, and the paper with the recovery codes.</summary>
internal sealed record Authenticator(string Secret)
{
    public IReadOnlyList<string> RecoveryCodes { get; private init; } = [];

    public string Code => CodeOf(TimeProvider.System.GetUtcNow());

    /// <summary>Of the next step: good already, since clocks differ, and not used yet.</summary>
    public string NextCode => CodeOf(TimeProvider.System.GetUtcNow().AddSeconds(30));

    /// <summary>Of the right form, and wrong now.</summary>
    public string WrongCode => CodeOf(TimeProvider.System.GetUtcNow().AddHours(-1));

    public static async Task<Authenticator> SwitchOnAsync(ApiClient user)
    {
        var setup = (await user.PostAsync("/me/mfa/totp")).ShouldBe(200);
        var app = new Authenticator(setup["secret"]!);
        var confirmed = (await user.PostAsync("/me/mfa/totp/confirm", new { code = app.Code })).ShouldBe(200);
        return app with
        {
            RecoveryCodes = [.. confirmed.Json["recoveryCodes"]!.AsArray().Select(code => code!.ToString())],
        };
    }

    private string CodeOf(DateTimeOffset time) =>
        new Totp(Base32Encoding.ToBytes(Secret)).ComputeTotp(time.UtcDateTime);
}
