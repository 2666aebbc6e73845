using System.Runtime.InteropServices;
using CsCheck;
using Roux.Tracking.Metrics;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Metrics;

public sealed class MetricChunkTests
{
    private static readonly Gen<double> AnyValue = Gen.OneOf(
        Gen.Double, Gen.Double[-1, 1], Gen.Int[0, 3].Select(number => (double)number),
        Gen.OneOf(double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue),
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble));

    private static readonly Gen<MetricBlock> AnyBlock =
        from count in Gen.Int[1, 300]
        from regular in Gen.Bool
        from steps in regular ? Gen.Select(Gen.Int[-5, 5], Gen.Int[-3, 3], (first, stride) => Enumerable.Range(0, count).Select(index => (long)first + (index * stride)).ToArray()) : Gen.Long.Array[count]
        from times in Gen.OneOf(Gen.Long, Gen.Long[1_700_000_000_000, 1_700_000_100_000]).Array[count]
        from values in AnyValue.Array[count]
        select new MetricBlock(steps, times, values);

    [Fact]
    public void EveryBlockComesBackBitForBit() => AnyBlock.Sample(block =>
    {
        var back = MetricChunk.Decode(MetricChunk.Encode(block));
        return back.Steps.AsSpan().SequenceEqual(block.Steps)
            && back.Timestamps.AsSpan().SequenceEqual(block.Timestamps)
            && MemoryMarshal.AsBytes(back.Values.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(block.Values.AsSpan()));
    });

    [Fact]
    public void AFullChunkOfTheWorstDataFits()
    {
        var random = new Random(1);
        var steps = new long[MetricChunk.Capacity];
        var values = new double[MetricChunk.Capacity];
        for (var index = 0; index < steps.Length; index++)
        {
            steps[index] = index % 2 == 0 ? long.MaxValue - random.Next() : long.MinValue + random.Next();
            values[index] = BitConverter.Int64BitsToDouble(random.NextInt64());
        }

        var back = MetricChunk.Decode(MetricChunk.Encode(new MetricBlock(steps, steps, values)));
        back.Steps.ShouldBe(steps);
        back.Timestamps.ShouldBe(steps);
    }

    [Fact]
    public void DamagedBytesAreAnErrorNotACrash() => Gen.Select(AnyBlock, Gen.Int[0, 100_000], Gen.Byte).Sample((block, position, change) =>
    {
        var bytes = MetricChunk.Encode(block);
        bytes[position % bytes.Length] ^= change;
        try
        {
            MetricChunk.Decode(bytes.AsSpan(0, bytes.Length - (position % 2)));
        }
        catch (InvalidDataException)
        {
            // Told. A change that goes unnoticed gives other numbers, which a checksum would be needed to see.
        }
    });

    [Fact]
    public void SeriesOfUsualKindsAreSmall()
    {
        var steps = Enumerable.Range(0, 4096).Select(step => (long)step).ToArray();
        var constant = new MetricBlock(steps, steps, Enumerable.Repeat(0.1, 4096).ToArray());
        MetricChunk.Encode(constant).Length.ShouldBeLessThan(32);
        var decimals = new MetricBlock(steps, steps, Array.ConvertAll(steps, step => Math.Round(Math.Sin(step), 2)));
        MetricChunk.Encode(decimals).Length.ShouldBeLessThan(4096 * 3);
    }
}
