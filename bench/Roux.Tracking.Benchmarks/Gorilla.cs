using System.Numerics;

namespace Roux.Tracking.Benchmarks;

/// <summary>XOR compression of doubles: Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015, section 4.1.2.</summary>
internal static class Gorilla
{
    public static byte[] Encode(double[] values)
    {
        var bits = new BitWriter((values.Length * 10) + 16);
        var previous = BitConverter.DoubleToUInt64Bits(values[0]);
        bits.Write(previous, 64);
        var (leading, trailing) = (-1, 0);
        foreach (var value in values.AsSpan(1))
        {
            var word = BitConverter.DoubleToUInt64Bits(value);
            var xor = word ^ previous;
            previous = word;
            if (xor == 0)
            {
                bits.Write(0, 1);
                continue;
            }

            var (zerosBefore, zerosAfter) = (Math.Min(31, BitOperations.LeadingZeroCount(xor)), BitOperations.TrailingZeroCount(xor));
            if (leading >= 0 && zerosBefore >= leading && zerosAfter >= trailing)
            {
                bits.Write(0b10, 2);
                bits.Write(xor >> trailing, 64 - leading - trailing);
                continue;
            }

            (leading, trailing) = (zerosBefore, zerosAfter);
            var length = 64 - leading - trailing;
            bits.Write(0b11, 2);
            bits.Write((ulong)leading, 5);
            bits.Write((ulong)(length - 1), 6);
            bits.Write(xor >> trailing, length);
        }

        return bits.ToArray();
    }

    public static double[] Decode(byte[] bytes, int count)
    {
        var bits = new BitReader(bytes);
        var values = new double[count];
        var previous = bits.Read(64);
        values[0] = BitConverter.UInt64BitsToDouble(previous);
        var (trailing, length) = (0, 0);
        for (var index = 1; index < count; index++)
        {
            if (bits.Read(1) == 1)
            {
                if (bits.Read(1) == 1)
                {
                    var leading = (int)bits.Read(5);
                    length = (int)bits.Read(6) + 1;
                    trailing = 64 - leading - length;
                }

                previous ^= bits.Read(length) << trailing;
            }

            values[index] = BitConverter.UInt64BitsToDouble(previous);
        }

        return values;
    }

    private sealed class BitWriter(int capacity)
    {
        private readonly byte[] bytes = new byte[capacity];
        private int position;

        public void Write(ulong value, int count)
        {
            while (count > 0)
            {
                var free = 8 - (position & 7);
                var take = Math.Min(free, count);
                var part = (value >> (count - take)) & ((1UL << take) - 1);
                bytes[position >> 3] |= (byte)(part << (free - take));
                position += take;
                count -= take;
            }
        }

        public byte[] ToArray() => bytes[..((position + 7) >> 3)];
    }

    private sealed class BitReader(byte[] bytes)
    {
        private int position;

        public ulong Read(int count)
        {
            var value = 0UL;
            while (count > 0)
            {
                var free = 8 - (position & 7);
                var take = Math.Min(free, count);
                value = (value << take) | (uint)((bytes[position >> 3] >> (free - take)) & ((1 << take) - 1));
                position += take;
                count -= take;
            }

            return value;
        }
    }
}
