using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// The limit of the product's reads: Kestrel, a JWT checked by its signature, the same SQL in one batch with the user's setting, so that row-level security
/// holds, and JSON written by hand. A mode of this program: what it is measured by runs in another process.
/// </summary>
internal static class BareServer
{
    public const string Mode = "bare-server";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="connectionString">Of the login that requests use.</param>
    /// <param name="keys">A JWKS.</param>
    public static async Task RunAsync(string connectionString, string keys, string urls)
    {
        var builder = WebApplication.CreateSlimBuilder([urls]);
        builder.Logging.ClearProviders();
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(jwt =>
            {
                jwt.MapInboundClaims = false;
                jwt.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                    ValidIssuer = "crypto-beacon",
                    ValidAudience = "crypto-beacon",
                    IssuerSigningKeys = new JsonWebKeySet(keys).GetSigningKeys(),
                };
            });
        builder.Services.AddAuthorization();
        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        await using var database = DataSource(connectionString);
        foreach (var read in BareReads.All)
        {
            app.MapGet(read.Route, context => AnswerAsync(context, database, read)).RequireAuthorization();
        }

        await app.StartAsync();
        await Console.Out.WriteLineAsync($"The bare server serves at {app.Urls.First()}");
        await app.WaitForShutdownAsync();
    }

    /// <summary>With the settings of the product's own.</summary>
    private static NpgsqlDataSource DataSource(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = 8,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        return NpgsqlDataSource.Create(settings);
    }

    private static async Task AnswerAsync(HttpContext context, NpgsqlDataSource database, BareRead read)
    {
        var user = context.User.FindFirst("sub")!.Value;
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            new("select set_config('app.user_id', $1, true), set_config('app.ip_address', $2, true)")
            {
                Parameters =
                {
                    new() { Value = user },
                    new() { Value = context.Connection.RemoteIpAddress!.ToString() },
                },
            }
        );
        read.Ask(batch, Guid.Parse(user), context.Request.RouteValues);
        await using var rows = await batch.ExecuteReaderAsync();
        await rows.NextResultAsync();
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Writing);
        await read.AnswerAsync(json, rows);
        await json.FlushAsync();
    }
}
