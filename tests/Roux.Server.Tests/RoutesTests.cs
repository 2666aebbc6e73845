using System.Text.RegularExpressions;
using Roux.Server.Mlflow;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests;

/// <summary>The table of endpoints.</summary>
public sealed class RoutesTests
{
    [Fact]
    public void Every_endpoint_is_there_once() =>
        RouteTable.All.Select(operation => $"{operation.Method} {operation.Path}").ShouldBeUnique();

    [Fact]
    public async Task Every_endpoint_of_the_table_answers_in_JSON()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var operation in RouteTable.All.Where(operation => !operation.Access.IsOpen && operation.Path != "/metrics" && !operation.Path.EndsWith(".csv", StringComparison.Ordinal)))
        {
            var path = operation.Path.Replace("{model_id}", "m-0", StringComparison.Ordinal);
            path = Regex.Replace(path, @"\{[^}]*\}", "x");
            var answer = await server.SendAsync(new HttpMethod(operation.Method), path, operation.Method == "GET" ? null : TestServer.Json("{}"));
            answer.Text.ShouldStartWith("{", customMessage: $"{operation.Method} {path}");
            answer.Text.ShouldNotContain("ENDPOINT_NOT_FOUND", customMessage: $"{operation.Method} {path}");
        }
    }
}
