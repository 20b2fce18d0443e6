using System.Net.Mail;
using CryptoBeacon.Application.Configuration;
using Npgsql;

namespace CryptoBeacon.WebApi.Hosting;

internal static class BeaconConfiguration
{
    /// <exception cref="ConfigurationException">A key is unknown or its value is invalid.</exception>
    public static BeaconOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(BeaconOptions.Section);
        RefuseUnknownKeys(section, typeof(BeaconOptions));
        BeaconOptions options;
        try
        {
            options = section.Get<BeaconOptions>() ?? new BeaconOptions();
        }
        catch (InvalidOperationException exception)
        {
            throw new ConfigurationException(
                exception.InnerException is null
                    ? exception.Message
                    : $"{exception.Message} {exception.InnerException.Message}"
            );
        }

        CheckConnectionStrings(configuration.GetSection("ConnectionStrings"));
        CheckUrls(configuration["urls"]);
        Require(
            IsKey(options.Database.RoleSecret),
            "CryptoBeacon:Database:RoleSecret",
            "must be base64 of at least 16 bytes"
        );
        Require(
            options.Jwt.SessionFreshnessSeconds is >= 1 and <= 30,
            "CryptoBeacon:Jwt:SessionFreshnessSeconds",
            "must lie between 1 and 30"
        );
        CheckSmtp(options.Smtp);
        CheckSms(options.Sms);
        Require(
            options.Hosting.PublicUrl is null
                || (
                    Uri.TryCreate(options.Hosting.PublicUrl, UriKind.Absolute, out var home)
                    && home is { Scheme: "http" or "https", Query: "" }
                ),
            "CryptoBeacon:Hosting:PublicUrl",
            "must be an http or https address such as https://beacon.example.org"
        );
        Require(
            (options.Admin.Email is null) == (options.Admin.Password is null),
            "CryptoBeacon:Admin:Password",
            "must be set together with CryptoBeacon:Admin:Email"
        );
        foreach (var (id, key) in options.Encryption.Keys)
        {
            Require(IsKey(key, exactly: 32), $"CryptoBeacon:Encryption:Keys:{id}", "must be base64 of 32 bytes");
        }

        Require(
            options.Encryption.CurrentKeyId is null
                || options.Encryption.Keys.ContainsKey(options.Encryption.CurrentKeyId),
            "CryptoBeacon:Encryption:CurrentKeyId",
            "must name one of CryptoBeacon:Encryption:Keys"
        );
        foreach (var origin in options.Cors.Origins)
        {
            Require(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin,
                "CryptoBeacon:Cors:Origins",
                $"must be origins such as https://app.example; {origin} is none"
            );
        }

        return options;
    }

    private static void CheckConnectionStrings(IConfigurationSection section)
    {
        string[] known =
        [
            .. new[] { "", "App", "Worker", "Read" }.Select(purpose => BeaconOptions.ConnectionName + purpose),
        ];
        foreach (var connection in section.GetChildren())
        {
            Require(
                known.Contains(connection.Key, StringComparer.OrdinalIgnoreCase),
                connection.Path,
                $"is not known. Known here: {string.Join(", ", known)}"
            );
            try
            {
                _ = new NpgsqlConnectionStringBuilder(connection.Value);
            }
            catch (ArgumentException)
            {
                // What the exception says may hold the password.
                Require(
                    false,
                    connection.Path,
                    "is no connection string of Npgsql, such as Host=…;Username=…;Password=…;Database=…"
                );
            }
        }
    }

    private static void CheckSmtp(BeaconOptions.SmtpOptions smtp)
    {
        const string section = "CryptoBeacon:Smtp";
        Require(smtp.Port is > 0 and <= 65535, $"{section}:Port", "must lie between 1 and 65535");
        Require(
            smtp.Host is null || IsMailbox(smtp.From),
            $"{section}:From",
            "must be an e-mail address such as Crypto Beacon <beacon@example.org>, since a mail server is configured"
        );
        Require(smtp.ReplyTo is null || IsMailbox(smtp.ReplyTo), $"{section}:ReplyTo", "must be an e-mail address");
        Require(
            (smtp.User is null) == (smtp.Password is null),
            $"{section}:Password",
            $"must be set together with {section}:User"
        );
    }

    private static void CheckSms(BeaconOptions.SmsOptions sms)
    {
        const string section = "CryptoBeacon:Sms";
        Require(
            sms.AccountSid is null || !string.IsNullOrEmpty(sms.AuthToken),
            $"{section}:AuthToken",
            $"must be set together with {section}:AccountSid"
        );
        Require(
            sms.AccountSid is null || !string.IsNullOrEmpty(sms.From),
            $"{section}:From",
            $"must be set together with {section}:AccountSid"
        );
        Require(
            Uri.TryCreate(sms.BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
            $"{section}:BaseUrl",
            "must be an http or https address"
        );
    }

    private static bool IsMailbox(string? text) =>
        MailAddress.TryCreate(text, out var address) && address.User.Length > 0;

    private static void CheckUrls(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                _ = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                Require(false, "urls", $"must be addresses such as http://127.0.0.1:5080; {url} is none");
            }
        }
    }

    private static void Require(bool isValid, string key, string rule)
    {
        if (!isValid)
        {
            throw new ConfigurationException($"Configuration: {key} {rule}.");
        }
    }

    private static bool IsKey(string? base64, int? exactly = null)
    {
        if (base64 is null)
        {
            return true;
        }

        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length)
            && (exactly is null ? length >= 16 : length == exactly);
    }

    private static void RefuseUnknownKeys(IConfigurationSection section, Type options)
    {
        foreach (var child in section.GetChildren())
        {
            var property =
                options
                    .GetProperties()
                    .FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new ConfigurationException(
                    $"Configuration: {child.Path} is not known. Known here: {string.Join(", ", options.GetProperties().Select(p => p.Name))}."
                );
            if (property.PropertyType.DeclaringType == typeof(BeaconOptions))
            {
                RefuseUnknownKeys(child, property.PropertyType);
            }
        }
    }
}
