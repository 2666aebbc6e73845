using Roux.Tracking.Benchmarks;

// dotnet run -c Release --project bench/Roux.Tracking.Benchmarks [store|encodings]
switch (args)
{
    case [] or ["store"]:
        StoreBenchmark.Run();
        return 0;
    case ["encodings"]:
        EncodingBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: Roux.Tracking.Benchmarks [store|encodings]");
        return 2;
}
