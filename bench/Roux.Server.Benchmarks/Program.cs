using Roux.Server.Benchmarks;

// dotnet run -c Release --project bench/Roux.Server.Benchmarks [--large | ADDRESS]
// Loads a `roux serve` of its own, or the server at an address (any MLflow server), and prints a table.
var large = args.Contains("--large");
var folder = Directory.CreateTempSubdirectory("roux-server-bench-");
try
{
    if (args.FirstOrDefault(argument => argument.StartsWith("http", StringComparison.Ordinal)) is { } address)
    {
        using var load = new Load(address);
        await load.RunAsync();
    }
    else
    {
        await OwnServer.RunAsync(Path.Combine(folder.FullName, "store"), large);
    }
}
finally
{
    folder.Delete(recursive: true);
}
