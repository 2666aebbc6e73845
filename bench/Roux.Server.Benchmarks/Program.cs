using System.Globalization;
using Roux.Server.Benchmarks;

// dotnet run -c Release --project bench/Roux.Server.Benchmarks [--large] [--only create+batch] [--store DIR | ADDRESS]
//     … -- --pages [--dashboards 50] [--store DIR]      measures the pages in Chromium
// Loads a `roux serve` of its own, or the server at an address (any MLflow server), and prints a table. A store that is named is kept.
var large = args.Contains("--large");
var only = Named("--only") ?? "";
var folder = Directory.CreateTempSubdirectory("roux-server-bench-");
try
{
    if (args.FirstOrDefault(argument => argument.StartsWith("http", StringComparison.Ordinal)) is { } address)
    {
        using var load = new Load(address, only);
        await load.RunAsync();
    }
    else if (args.Contains("--pages"))
    {
        await Pages.RunAsync(Named("--store") ?? Path.Combine(folder.FullName, "store"), int.Parse(Named("--dashboards") ?? "50", CultureInfo.InvariantCulture));
    }
    else
    {
        await OwnServer.RunAsync(Named("--store") ?? Path.Combine(folder.FullName, "store"), large, only);
    }
}
finally
{
    folder.Delete(recursive: true);
}

string? Named(string option) => Array.IndexOf(args, option) is >= 0 and var place && place + 1 < args.Length ? args[place + 1] : null;
