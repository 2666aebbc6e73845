using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Roux.Tracking.Metrics;
using ZstdSharp;

namespace Roux.Tracking.Benchmarks;

/// <summary>Sizes and speeds of ways to store a chunk's values, on series of the kinds that runs log.</summary>
internal static class EncodingBenchmark
{
    private const int Rounds = 100;

    public static void Run()
    {
        Console.WriteLine($"{"series",-34} {"encoding",-22} {"bytes/value",12} {"encode ns/value",16} {"decode ns/value",16}");
        foreach (var (name, values) in Series())
        {
            Measure(name, "plain", values, Plain, bytes => MemoryMarshal.Cast<byte, double>(bytes).ToArray());
            Measure(name, "zstd", values, source => Compress(Plain(source)), bytes => MemoryMarshal.Cast<byte, double>(Expand(bytes)).ToArray());
            Measure(name, "transposed + zstd", values, source => Compress(Transpose(source)), bytes => Restore(Expand(bytes)));
            Measure(name, "XOR (Gorilla)", values, Gorilla.Encode, bytes => Gorilla.Decode(bytes, values.Length));
            var steps = Enumerable.Range(0, values.Length).Select(step => (long)step).ToArray();
            var random = new Random(3);
            var time = 1_700_000_000_000L;
            var times = steps.Select(_ => time += random.Next(0, 8)).ToArray();
            Measure(name, "whole chunk as stored", values, source => MetricChunk.Encode(new MetricBlock(steps, times, source)), bytes => MetricChunk.Decode(bytes).Values);
        }
    }

    private static IEnumerable<(string Name, double[] Values)> Series()
    {
        var random = new Random(5);
        double[] Make(Func<int, double> value) => [.. Enumerable.Range(0, MetricChunk.Capacity).Select(value)];
        yield return ("loss from single precision", Make(index => (float)((2.0 / (1 + (index * 0.01))) + (0.1 * random.NextDouble()))));
        yield return ("loss in double precision", Make(index => (2.0 / (1 + (index * 0.01))) + (0.1 * random.NextDouble())));
        yield return ("accuracy with four decimals", Make(index => Math.Round(1 - Math.Exp(-index / 1000.0) + (0.01 * random.NextDouble()), 4)));
        yield return ("memory in bytes, rarely changing", Make(index => 1_073_741_824 + (4096 * (index / 50))));
        yield return ("learning rate, stepwise", Make(index => 0.1 * Math.Pow(0.5, index / 1000)));
        yield return ("random bits", Make(_ => BitConverter.Int64BitsToDouble(random.NextInt64())));
    }

    private static void Measure(string series, string encoding, double[] values, Func<double[], byte[]> encode, Func<byte[], double[]> decode)
    {
        var bytes = encode(values);
        if (!MemoryMarshal.AsBytes(decode(bytes).AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(values.AsSpan())))
        {
            throw new InvalidOperationException($"{encoding} changes {series}");
        }

        var encoding1 = Time(() => encode(values));
        var decoding = Time(() => decode(bytes));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{series,-34} {encoding,-22} {(double)bytes.Length / values.Length,12:F2} {encoding1 / values.Length,16:F1} {decoding / values.Length,16:F1}"));
    }

    private static double Time<T>(Func<T> work)
    {
        for (var round = 0; round < Rounds; round++)
        {
            work();
        }

        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Rounds; round++)
        {
            work();
        }

        return watch.Elapsed.TotalNanoseconds / Rounds;
    }

    private static byte[] Plain(double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Transpose(double[] values)
    {
        var bytes = new byte[values.Length * 8];
        for (var index = 0; index < values.Length; index++)
        {
            var word = BitConverter.DoubleToUInt64Bits(values[index]);
            for (var part = 0; part < 8; part++)
            {
                bytes[(part * values.Length) + index] = (byte)(word >> (8 * part));
            }
        }

        return bytes;
    }

    private static double[] Restore(byte[] bytes)
    {
        var values = new double[bytes.Length / 8];
        for (var index = 0; index < values.Length; index++)
        {
            var word = 0UL;
            for (var part = 0; part < 8; part++)
            {
                word |= (ulong)bytes[(part * values.Length) + index] << (8 * part);
            }

            values[index] = BitConverter.UInt64BitsToDouble(word);
        }

        return values;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressor = new Compressor(1);
        return compressor.Wrap(bytes).ToArray();
    }

    private static byte[] Expand(byte[] bytes)
    {
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(bytes).ToArray();
    }
}
