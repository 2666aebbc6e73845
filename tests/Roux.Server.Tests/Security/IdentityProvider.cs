using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Roux.Server.Tests.Security;

/// <summary>A small OpenID Connect provider: discovery, keys, and the code flow with PKCE. It logs in whom the test says, without asking.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "roux";
    public const string ClientSecret = "the client secret of the provider";
    public const string Audience = "api://roux";

    private readonly WebApplication application;
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "key-1" };
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Redirect)> codes = new();

    private IdentityProvider(WebApplication application) => this.application = application;

    /// <summary>Who logs in next.</summary>
    public Dictionary<string, object> Person { get; set; } = new() { ["sub"] = "subject-1", ["preferred_username"] = "Ann Example", ["groups"] = new[] { "ml" } };

    /// <summary>What is done to the next id token before it is signed.</summary>
    public Action<SecurityTokenDescriptor> Spoil { get; set; } = _ => { };

    public string Issuer => application.Urls.First();

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var provider = new IdentityProvider(builder.Build());
        provider.application.Run(provider.AnswerAsync);
        await provider.application.StartAsync();
        return provider;
    }

    /// <summary>An access token.</summary>
    public string Token(Action<SecurityTokenDescriptor>? change = null)
    {
        var token = Describe(Audience);
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        key.Rsa.Dispose();
    }

    private SecurityTokenDescriptor Describe(string audience) => new()
    {
        Issuer = Issuer,
        Audience = audience,
        IssuedAt = DateTime.UtcNow,
        Expires = DateTime.UtcNow.AddMinutes(5),
        Claims = new Dictionary<string, object>(Person),
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
    };

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => Json(http, new JsonObject
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = Issuer + "/authorize", ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/keys",
            ["response_types_supported"] = new JsonArray("code"), ["subject_types_supported"] = new JsonArray("public"), ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        }),
        "/keys" => Json(http, new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = key.KeyId,
                ["n"] = Base64UrlEncoder.Encode(key.Rsa.ExportParameters(false).Modulus), ["e"] = Base64UrlEncoder.Encode(key.Rsa.ExportParameters(false).Exponent),
            }),
        }),
        "/authorize" => Authorize(http),
        "/token" => TokenAsync(http),
        _ => Task.CompletedTask,
    };

    private Task Authorize(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || !query["scope"].ToString().Contains("openid", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 400;
            return Task.CompletedTask;
        }

        var code = Guid.NewGuid().ToString("N");
        codes[code] = (query["code_challenge"]!, query["nonce"]!, query["redirect_uri"]!);
        http.Response.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}");
        return Task.CompletedTask;
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!codes.TryRemove(form["code"].ToString(), out var code) || code.Challenge != challenge || code.Redirect != form["redirect_uri"] || form["client_secret"] != ClientSecret)
        {
            http.Response.StatusCode = 400;
            await Json(http, new JsonObject { ["error"] = "invalid_grant" });
            return;
        }

        var token = Describe(ClientId);
        token.Claims["nonce"] = code.Nonce;
        Spoil(token);
        await Json(http, new JsonObject { ["access_token"] = "opaque", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token) });
    }

    private static Task Json(HttpContext http, JsonNode body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString());
    }
}
