using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Roux.Server.Security;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>Logins by an identity provider: browsers through the code flow, programs with access tokens.</summary>
public sealed class OidcTests
{
    private const string Me = "/api/roux/v1/me";

    [Fact]
    public async Task A_browser_logs_in_through_the_provider_and_gets_the_roles_of_its_claims()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var server = await StartAsync(provider);
        using var browser = Browser(server);
        (await LoginAsync(browser, "/models?x=1")).Headers.Location!.ToString().ShouldBe("/models?x=1");
        var me = JsonNode.Parse(await browser.GetStringAsync(Me))!;
        me["name"]!.GetValue<string>().ShouldBe("oidc/ann_example");
        me["role"]!.GetValue<string>().ShouldBe("viewer");
        me["projects"]!["films"]!.GetValue<string>().ShouldBe("editor");

        // The groups of the next login count, and the person stays the same one.
        provider.Person = new() { ["sub"] = "subject-1", ["preferred_username"] = "renamed", ["groups"] = new[] { "none" } };
        await LoginAsync(browser, "/");
        me = JsonNode.Parse(await browser.GetStringAsync(Me))!;
        me["name"]!.GetValue<string>().ShouldBe("oidc/ann_example");
        me["projects"]!.AsObject().ShouldBeEmpty();

        // Somebody else of the same name is somebody else, and a local user's name is out of reach.
        provider.Person = new() { ["sub"] = "subject-2", ["preferred_username"] = "Ann Example", ["groups"] = new[] { "ops" } };
        using var other = Browser(server);
        await LoginAsync(other, "/");
        me = JsonNode.Parse(await other.GetStringAsync(Me))!;
        me["name"]!.GetValue<string>().ShouldStartWith("oidc/ann_example#");
        me["role"]!.GetValue<string>().ShouldBe("admin");
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("audience")]
    [InlineData("expired")]
    [InlineData("nonce")]
    [InlineData("key")]
    [InlineData("none")]
    public async Task An_id_token_that_is_not_right_logs_nobody_in(string wrong)
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var server = await StartAsync(provider);
        provider.Spoil = token => Spoil(token, wrong);
        using var browser = Browser(server);
        using var response = await LoginAsync(browser, "/");
        response.Headers.Location!.ToString().ShouldBe("/login?failed=1");
        using var me = await browser.GetAsync(Me);
        me.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_login_that_another_browser_began_is_refused()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var server = await StartAsync(provider);
        using var attacker = Browser(server);
        using var victim = Browser(server);
        var callback = await CallbackAsync(attacker, "/");
        using var response = await victim.GetAsync(callback);
        response.Headers.Location!.ToString().ShouldBe("/login?failed=1");
        using var again = await attacker.GetAsync("/login/oidc/callback?code=made-up&state=made-up");
        again.Headers.Location!.ToString().ShouldBe("/login?failed=1");
        using var abroad = await attacker.GetAsync("/login/oidc?return=https://evil.example");
        abroad.Headers.Location!.ToString().ShouldNotContain("evil.example");
    }

    [Fact]
    public async Task Programs_send_access_tokens_of_the_provider()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var server = await StartAsync(provider);
        var answer = await server.SendAsync(HttpMethod.Get, Me, null, provider.Token());
        answer.Ok["projects"]!["films"]!.GetValue<string>().ShouldBe("editor");
        foreach (var wrong in new[] { "issuer", "audience", "id", "expired", "eternal", "key", "none", "hmac" })
        {
            (await server.SendAsync(HttpMethod.Get, Me, null, provider.Token(token => Spoil(token, wrong)))).Status.ShouldBe(HttpStatusCode.Unauthorized, wrong);
        }

        var parts = provider.Token().Split('.');
        var forged = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("\"ml\"", "\"ops\"", StringComparison.Ordinal));
        (await server.SendAsync(HttpMethod.Get, Me, null, $"{parts[0]}.{forged}.{parts[2]}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.SendAsync(HttpMethod.Get, Me, null, $"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{forged}.")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static void Spoil(SecurityTokenDescriptor token, string wrong)
    {
        switch (wrong)
        {
            case "issuer":
                token.Issuer = "https://evil.example";
                break;
            case "audience":
                token.Audience = "another";
                break;
            case "id":
                token.Audience = IdentityProvider.ClientId;
                break;
            case "expired":
                token.IssuedAt = DateTime.UtcNow.AddHours(-3);
                token.Expires = DateTime.UtcNow.AddHours(-2);
                break;
            case "eternal":
                token.Expires = null;
                break;
            case "nonce":
                token.Claims["nonce"] = "of another login";
                break;
            case "key":
                token.SigningCredentials = new SigningCredentials(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "key-1" }, SecurityAlgorithms.RsaSha256);
                break;
            case "none":
                token.SigningCredentials = null;
                break;
            default:
                token.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('k', 64))) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256);
                break;
        }
    }

    private static Task<TestServer> StartAsync(IdentityProvider provider) => TestServer.StartAsync(options: options => options with
    {
        Security = new ServerSecurity
        {
            Oidc = new OidcSettings
            {
                Authority = provider.Issuer, ClientId = IdentityProvider.ClientId, ClientSecret = IdentityProvider.ClientSecret, Audience = IdentityProvider.Audience,
                Roles = [new OidcRole("*", null, Role.Viewer), new OidcRole("ml", "films", Role.Editor), new OidcRole("ops", null, Role.Admin)],
            },
        },
    });

    private static HttpClient Browser(TestServer server) => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = server.Client.BaseAddress };

    private static async Task<Uri> CallbackAsync(HttpClient browser, string target)
    {
        using var begun = await browser.GetAsync("/login/oidc?return=" + Uri.EscapeDataString(target));
        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect, await begun.Content.ReadAsStringAsync());
        using var provider = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var authorized = await provider.GetAsync(begun.Headers.Location);
        return authorized.Headers.Location!;
    }

    private static async Task<HttpResponseMessage> LoginAsync(HttpClient browser, string target) => await browser.GetAsync(await CallbackAsync(browser, target));
}
