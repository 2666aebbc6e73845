using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Remote;

/// <summary>Gates of models on a Roux server, which judges by what it has: it runs no models.</summary>
internal sealed class RemoteGates(Tracker tracker, RemoteRegistry registry, MlflowConnection server) : ModelGates(tracker, "")
{
    private const string Api = "api/roux/v1/";

    public override GateRules? Find(string model) =>
        Call(HttpMethod.Get, "models/gates", ("name", model)).TryGetProperty("rules", out var rules) && rules.ValueKind == JsonValueKind.Object
            ? GateRules.Parse(rules.GetRawText(), "the model's rules") : null;

    public override void Set(string model, GateRules? rules)
    {
        if (rules is null)
        {
            Call(HttpMethod.Delete, "models/gates", new JsonObject { ["name"] = model });
        }
        else
        {
            Call(HttpMethod.Put, "models/gates", new JsonObject { ["name"] = model, ["rules"] = rules.ToJson() });
        }
    }

    public override GateReport Evaluate(string reference, GateRules? rules = null, IGateModels? models = null, CancellationToken cancellation = default)
    {
        var version = registry.FindOrThrow(reference);
        var asked = new JsonObject { ["name"] = version.Name, ["version"] = Number(version) };
        if (rules is not null)
        {
            asked["rules"] = rules.ToJson();
        }

        return GateReport.Parse(Call(HttpMethod.Post, "model-versions/gate", asked, cancellation).GetRawText());
    }

    public override IReadOnlyList<GateReport> Results(string reference, int most = 100)
    {
        var version = registry.FindOrThrow(reference);
        var answer = Call(HttpMethod.Get, "model-versions/gate-results", ("name", version.Name), ("version", Number(version)), ("max_results", most.ToString(CultureInfo.InvariantCulture)));
        return [.. answer.Items("gate_results").Select(result => GateReport.Parse(result.GetRawText()))];
    }

    private static string Number(ModelVersionRecord version) => version.Version.ToString(CultureInfo.InvariantCulture);

    private JsonElement Call(HttpMethod method, string path, params (string Name, string Value)[] query) =>
        Call(method, $"{path}?{string.Join('&', query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"))}", body: null);

    private JsonElement Call(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation = default)
    {
        try
        {
            return server.CallAsync(method, Api + path, body is null ? default : JsonSerializer.SerializeToUtf8Bytes(body), cancellation).GetAwaiter().GetResult();
        }
        catch (RemoteException exception) when (exception.Failure == RemoteFailure.Unsupported)
        {
            throw new TrackingException($"{server.Address}: gates are Roux's own, and this is no Roux server; judge in a store with --store DIR", exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new TrackingException($"{server.Address}: its answer about gates is not understood; is it a later version of Roux?", exception);
        }
    }
}
