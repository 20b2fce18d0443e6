using System.Globalization;
using System.Security.Claims;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Domain;
using CryptoBeacon.WebApi.Administration.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CryptoBeacon.WebApi.Administration;

/// <summary>In by password and, where it is on, second factor; out by a button, or when the session ends otherwise.</summary>
internal static class SignIn
{
    public static IResult Show(HttpContext context, IAntiforgery antiforgery, string? returnUrl) =>
        Page(context, antiforgery, returnUrl);

    public static async Task<IResult> AnswerAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        IAdministratorSignIn administrators,
        string? returnUrl
    )
    {
        if (await ReadFormAsync(context.Request) is not { } form || !await antiforgery.IsRequestValidAsync(context))
        {
            return Page(
                context,
                antiforgery,
                returnUrl,
                StatusCodes.Status400BadRequest,
                refusal: "The form has expired. Please try again."
            );
        }

        var visitor = new Visitor(
            context.Connection.RemoteIpAddress,
            context.Request.Headers.UserAgent,
            AdminPages.Lifetime
        );
        if (form["mfaToken"].ToString() is { Length: > 0 } mfaToken)
        {
            var code = form["code"].ToString().Trim();
            var confirmed = await administrators.AnswerMfaAsync(mfaToken, code, visitor, context.RequestAborted);
            return confirmed.IsSuccess
                ? await LetInAsync(context, confirmed.Value, returnUrl)
                : Refuse(
                    context,
                    antiforgery,
                    returnUrl,
                    confirmed.Error,
                    confirmed.Error.Message,
                    mfaToken: confirmed.Error.Code == "invalid_mfa_token" ? null : mfaToken
                );
        }

        var email = form["email"].ToString();
        var password = form["password"].ToString();
        var entry = await administrators.SignInAsync(email, password, visitor, context.RequestAborted);
        return entry switch
        {
            { IsSuccess: false } => Refuse(context, antiforgery, returnUrl, entry.Error, Explain(entry.Error), email),
            { Value.MfaToken: { } awaited } => Page(context, antiforgery, returnUrl, mfaToken: awaited),
            _ => await LetInAsync(context, entry.Value.Session!, returnUrl),
        };
    }

    public static async Task<IResult> EndAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        IAdministratorSignIn administrators
    )
    {
        if (await ReadFormAsync(context.Request) is null || !await antiforgery.IsRequestValidAsync(context))
        {
            return new Refusal(Error.Invalid("form", "has expired: reload the page and try again"));
        }

        if (SessionOf(context.User) is { } session)
        {
            await administrators.SignOutAsync(session, context.RequestAborted);
        }

        await context.SignOutAsync(AdminPages.Scheme);
        return Results.LocalRedirect(AdminPages.Login);
    }

    /// <summary>A cookie is worth as much as its session, and its user's role, are by now.</summary>
    public static async Task CheckSessionAsync(CookieValidatePrincipalContext context)
    {
        var administrators = context.HttpContext.RequestServices.GetRequiredService<IAdministratorSignIn>();
        if (
            SessionOf(context.Principal!) is not { } session
            || !await administrators.IsGoodAsync(session, context.HttpContext.RequestAborted)
        )
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(AdminPages.Scheme);
        }
    }

    private static async Task<IResult> LetInAsync(HttpContext context, AdministratorSession session, string? returnUrl)
    {
        Claim[] claims =
        [
            new("sub", session.UserId.ToString()),
            new(Access.SessionClaim, session.SessionId.ToString()),
            new(Access.RoleClaim, Access.AdminRole),
        ];
        await context.SignInAsync(
            AdminPages.Scheme,
            new ClaimsPrincipal(new ClaimsIdentity(claims, AdminPages.Scheme))
        );
        return Results.LocalRedirect(IsOurs(returnUrl) ? returnUrl! : AdminPages.Home);
    }

    private static RazorComponentResult<SignInPage> Refuse(
        HttpContext context,
        IAntiforgery antiforgery,
        string? returnUrl,
        Error error,
        string explanation,
        string? email = null,
        string? mfaToken = null
    )
    {
        Problems.SayWhenToRetry(context, error);
        return Page(context, antiforgery, returnUrl, (int)error.Kind, explanation, email, mfaToken);
    }

    private static RazorComponentResult<SignInPage> Page(
        HttpContext context,
        IAntiforgery antiforgery,
        string? returnUrl,
        int status = StatusCodes.Status200OK,
        string? refusal = null,
        string? email = null,
        string? mfaToken = null
    ) =>
        new(
            new
            {
                Token = antiforgery.GetAndStoreTokens(context),
                Action = IsOurs(returnUrl)
                    ? $"{AdminPages.Login}?ReturnUrl={Uri.EscapeDataString(returnUrl!)}"
                    : AdminPages.Login,
                Email = email,
                MfaToken = mfaToken,
                Refusal = refusal,
            }
        )
        {
            StatusCode = status,
        };

    /// <returns>Null: the body is no form.</returns>
    private static async Task<IFormCollection?> ReadFormAsync(HttpRequest request)
    {
        try
        {
            // What our forms send; a multipart body would bring faults of its own.
            return
                request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                == true
                ? await request.ReadFormAsync(request.HttpContext.RequestAborted)
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static AdministratorSession? SessionOf(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirst("sub")?.Value, out var userId)
        && Guid.TryParse(user.FindFirst(Access.SessionClaim)?.Value, out var sessionId)
            ? new AdministratorSession(userId, sessionId)
            : null;

    private static string Explain(Error error) =>
        error.RetryAfter is { } wait
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{error.Message} Try again in {Math.Ceiling(wait.TotalSeconds)} seconds."
            )
            : "There is no administrator with this e-mail address and password.";

    /// <summary>A page behind this sign-in, and no address elsewhere.</summary>
    private static bool IsOurs(string? url) =>
        url is AdminPages.Home or AdminPages.Dashboard
        || url?.StartsWith(AdminPages.Dashboard + "/", StringComparison.Ordinal) == true;
}
