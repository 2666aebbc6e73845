using System.Numerics;

namespace Roux.Tuning.Numerics;

/// <summary>
/// A Sobol sequence with the direction numbers of Joe and Kuo (2008) for the first 21 dimensions and numbers drawn over further
/// primitive polynomials beyond, scrambled by random linear matrices and digital shifts (Matoušek 1998).
/// </summary>
internal sealed class SobolSequence
{
    private const int Bits = 32;

    // Degree, inner coefficients and first direction numbers of dimensions 2 to 21: S. Joe and F. Y. Kuo, new-joe-kuo-6.21201.
    private static readonly uint[][] Known =
    [
        [1, 0, 1], [2, 1, 1, 3], [3, 1, 1, 3, 1], [3, 2, 1, 1, 1], [4, 1, 1, 1, 3, 3], [4, 4, 1, 3, 5, 13],
        [5, 2, 1, 1, 5, 5, 17], [5, 4, 1, 1, 5, 5, 5], [5, 7, 1, 1, 7, 11, 19], [5, 11, 1, 1, 5, 1, 1],
        [5, 13, 1, 1, 1, 3, 11], [5, 14, 1, 3, 5, 5, 31], [6, 1, 1, 3, 3, 9, 7, 49], [6, 13, 1, 1, 1, 15, 21, 21],
        [6, 16, 1, 3, 1, 13, 27, 49], [6, 19, 1, 1, 1, 15, 7, 5], [6, 22, 1, 3, 1, 15, 13, 25], [6, 25, 1, 1, 5, 5, 19, 61],
        [7, 1, 1, 3, 7, 11, 23, 15, 103], [7, 4, 1, 3, 7, 13, 13, 15, 69],
    ];

    private readonly uint[][] directions;
    private readonly uint[] shifts;

    /// <param name="dimensions">Coordinates of a point.</param>
    /// <param name="random">Scrambles; the same state gives the same sequence.</param>
    public SobolSequence(int dimensions, Rng random)
    {
        directions = [.. Enumerable.Range(0, dimensions).Select(dimension => Scramble(Directions(dimension), random))];
        shifts = [.. Enumerable.Range(0, dimensions).Select(_ => (uint)(random.Bits() >> 32))];
    }

    /// <summary>The point of an index from 0 up.</summary>
    public double[] Point(uint index)
    {
        var gray = index ^ (index >> 1);
        var point = new double[directions.Length];
        for (var dimension = 0; dimension < point.Length; dimension++)
        {
            var digits = shifts[dimension];
            for (var bits = gray; bits != 0; bits &= bits - 1)
            {
                digits ^= directions[dimension][BitOperations.TrailingZeroCount(bits)];
            }

            point[dimension] = digits * (1.0 / (1L << Bits));
        }

        return point;
    }

    private static uint[] Directions(int dimension)
    {
        var v = new uint[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++)
            {
                v[i] = 1u << (Bits - 1 - i);
            }

            return v;
        }

        var (degree, coefficients, first) = dimension <= Known.Length
            ? ((int)Known[dimension - 1][0], Known[dimension - 1][1], Known[dimension - 1][2..])
            : Drawn(dimension);
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = first[i] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
            {
                v[i] ^= ((coefficients >> (degree - 1 - k)) & 1) * v[i - k];
            }
        }

        return v;
    }

    /// <summary>A primitive polynomial beyond the table, with odd first numbers drawn from a stream of its own.</summary>
    private static (int Degree, uint Coefficients, uint[] First) Drawn(int dimension)
    {
        var wanted = dimension - Known.Length - 1;
        for (var degree = 8; ; degree++)
        {
            for (uint inner = 0; inner < 1u << (degree - 1); inner++)
            {
                if (IsPrimitive((1u << degree) | (inner << 1) | 1, degree) && wanted-- == 0)
                {
                    var random = new Rng(0x50B01, dimension);
                    return (degree, inner, [.. Enumerable.Range(0, degree).Select(i => ((uint)(random.Bits() >> 40) & ((1u << i) - 1)) << 1 | 1)]);
                }
            }
        }
    }

    /// <summary>Whether x generates all non-zero residues modulo a polynomial over GF(2): its order is 2^degree - 1.</summary>
    private static bool IsPrimitive(uint polynomial, int degree)
    {
        var (state, period) = (1u, 0);
        do
        {
            state <<= 1;
            if ((state >> degree & 1) != 0)
            {
                state ^= polynomial;
            }

            period++;
        }
        while (state != 1 && state != 0 && period < 1 << degree);

        return period == (1 << degree) - 1;
    }

    /// <summary>Multiplies by a random lower triangular matrix over GF(2) with ones on the diagonal.</summary>
    private static uint[] Scramble(uint[] directions, Rng random)
    {
        var rows = new uint[Bits]; // row i: which of the leading digits make digit i
        for (var i = 0; i < Bits; i++)
        {
            var above = i == 0 ? 0 : (uint)(random.Bits() >> 32) & ~(uint.MaxValue >> i);
            rows[i] = above | (1u << (Bits - 1 - i));
        }

        return Array.ConvertAll(directions, direction =>
        {
            var scrambled = 0u;
            for (var i = 0; i < Bits; i++)
            {
                scrambled |= (uint)(BitOperations.PopCount(rows[i] & direction) & 1) << (Bits - 1 - i);
            }

            return scrambled;
        });
    }
}
