using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Security;

/// <summary>No password and no key in any output, log, error, answer or file: looked for everywhere after everything was tried.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Password = "Grep-For-This-Password-7";
    private const string Wrong = "Grep-For-This-Wrong-One-8";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roux-secrets-");

    private string Store => Path.Combine(folder.FullName, "store");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Passwords_and_keys_are_nowhere_to_be_found()
    {
        var outputs = new StringBuilder();
        var (added, text) = Roux(Password + "\n", "users", "add", "ann", "--role", "admin", "--store", Store);
        added.ShouldBe(0, text);
        outputs.Append(text).Append(Roux("short\n", "users", "add", "bob", "--role", "viewer", "--store", Store).Text);
        outputs.Append(Roux("", "users", "list", "--store", Store).Text);
        var (_, json) = Roux("", "keys", "create", "--user", "ann", "--name", "ci", "--json", "--store", Store);
        var key = JsonNode.Parse(json)!["key"]!.GetValue<string>();
        var id = JsonNode.Parse(json)!["key_id"]!.GetValue<string>();
        outputs.Append(Roux("", "keys", "list", "--store", Store).Text);

        string session;
        using (var serve = await ServeProcess.StartAsync(Store, "--log-level", "debug"))
        {
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(serve.Address) };
            foreach (var authorization in new[] { LoginTests.Basic("ann", Password), LoginTests.Basic("ann", Wrong), "Bearer " + key, "Bearer " + key + "x", LoginTests.Basic("ann", key) })
            {
                foreach (var path in new[] { "experiments/search", "runs/get?run_id=x", "nothing" })
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, TestServer.Api + path);
                    request.Headers.Add("Authorization", authorization);
                    using var response = await client.SendAsync(request);
                    outputs.Append(response.Headers).Append(await response.Content.ReadAsStringAsync());
                }
            }

            using var login = await client.PostAsync("/login", new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "ann", ["password"] = Password }));
            session = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=')[1];
            using var change = new HttpRequestMessage(HttpMethod.Put, "/api/roux/v1/users/ann/password") { Content = TestServer.Json($"{{\"password\": \"{Wrong}\"}}") };
            change.Headers.Add("Authorization", "Bearer " + key);
            using var changed = await client.SendAsync(change);
            outputs.Append(await changed.Content.ReadAsStringAsync());
            serve.End(15).ShouldBe(0);
            outputs.Append(await serve.Errors);
        }

        outputs.Append(Roux("", "keys", "revoke", id, "--store", Store).Text);
        var secrets = new[] { Password, Wrong, key, session, Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:" + Password)) };
        foreach (var secret in secrets)
        {
            outputs.ToString().ShouldNotContain(secret);
            foreach (var file in Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories))
            {
                Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"{secret} in {file}");
            }
        }

        using var tracker = Tracker.OpenReadOnly(Store);
        new Roux.Server.Security.Accounts(tracker).Users().ShouldHaveSingleItem().HasPassword.ShouldBeTrue();
    }

    [Fact]
    public void Wrong_calls_say_what_to_do()
    {
        var (code, text) = Roux("", "users", "add", "ann", "--role", "admin", "--store", Store);
        (code, text).ShouldBe((2, text));
        text.ShouldContain("ROUX_PASSWORD");
        Roux(Password + "\n", "users", "add", "ann", "--role", "editor", "--store", Store).Text.ShouldContain("--role admin");
        Roux("", "users", "remove", "nobody", "--store", Store).ExitCode.ShouldBe(2);
        Roux("", "users", "role", "nobody", "chief", "--store", Store).Text.ShouldContain("viewer");
        Roux("", "serve", "--store", Store, "--auth", "on").Text.ShouldContain("roux users add");
        Roux("", "serve", "--store", Store, "--auth", "perhaps").ExitCode.ShouldBe(2);
        Roux("", "serve", "--store", Store, "--tls-cert", "/no/such/file").Text.ShouldContain("--tls-cert");
    }

    private static (int ExitCode, string Text) Roux(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "roux.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("ROUX_STORE");
        start.Environment.Remove("ROUX_PASSWORD");
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        return (process.ExitCode, arguments.Contains("--json") ? output.Result : output.Result + errors.Result);
    }
}
