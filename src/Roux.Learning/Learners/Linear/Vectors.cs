using System.Numerics;
using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Linear;

/// <summary>The few operations on vectors of doubles that the solvers need.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var va = MemoryMarshal.Cast<double, Vector<double>>(a);
        var vb = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < va.Length; i++)
        {
            sums += va[i] * vb[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = va.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>target += scale source.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double scale)
    {
        var vt = MemoryMarshal.Cast<double, Vector<double>>(target);
        var vs = MemoryMarshal.Cast<double, Vector<double>>(source);
        var factor = new Vector<double>(scale);
        for (var i = 0; i < vt.Length; i++)
        {
            vt[i] += factor * vs[i];
        }

        for (var i = vt.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] += scale * source[i];
        }
    }

    /// <summary>b = a - b.</summary>
    public static void SubtractFrom(ReadOnlySpan<double> a, Span<double> b)
    {
        for (var i = 0; i < b.Length; i++)
        {
            b[i] = a[i] - b[i];
        }
    }

    /// <summary>The largest absolute value.</summary>
    public static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
