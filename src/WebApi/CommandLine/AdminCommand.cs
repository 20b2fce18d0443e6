using System.CommandLine;
using CryptoBeacon.Application.Contracts.Identity;

namespace CryptoBeacon.WebApi.CommandLine;

/// <summary><c>admin create --email E [--password P]</c></summary>
internal static class AdminCommand
{
    public static Command Create()
    {
        var email = new Option<string>("--email")
        {
            Description = "The e-mail address to sign in with",
            Required = true,
        };
        var password = new Option<string?>("--password")
        {
            Description = "15 to 128 characters; left out, one is made and printed once",
        };
        var create = new Command("create", "Make an administrator; an existing account is never changed")
        {
            email,
            password,
        };
        create.TreatUnmatchedTokensAsErrors = false;
        create.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    [.. parsed.UnmatchedTokens],
                    parsed.GetRequiredValue(email),
                    parsed.GetValue(password),
                    cancellationToken
                )
        );
        return new Command("admin", "Look after administrators.") { create };
    }

    private static async Task<int> RunAsync(
        string[] configuration,
        string email,
        string? password,
        CancellationToken cancellationToken
    )
    {
        await using var host = await CommandHost.OpenAsync(configuration, cancellationToken);
        await using var owner = await host.Database.OpenOwnerAsync(cancellationToken);
        var made = await host
            .Services.GetRequiredService<IAdministrators>()
            .CreateAsync(owner, email, password, cancellationToken);
        if (!made.IsSuccess)
        {
            throw new OperationRefusedException(
                made.Error.Fields.Count > 0
                    ? string.Join(
                        Environment.NewLine,
                        made.Error.Fields.Select(field => $"--{field.Key} {string.Join(", ", field.Value)}")
                    )
                    : made.Error.Message
            );
        }

        await Console.Out.WriteLineAsync(
            password is null
                ? $"Administrator {email} was made. Password, shown this once: {made.Value}"
                : $"Administrator {email} was made."
        );
        return 0;
    }
}
