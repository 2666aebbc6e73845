using System.Globalization;

namespace Roux.Learning.Data.Reading;

/// <summary>What a piece of text is, taken as a number.</summary>
internal enum NumberForm
{
    /// <summary>A finite number.</summary>
    Finite,

    /// <summary>An infinity, or a number too large for a double.</summary>
    Infinite,

    /// <summary>Not a number, or a code that would lose something as one (leading zeros, whole numbers over 2^53).</summary>
    None,
}

/// <summary>Parses decimal numbers from UTF-8 the way people write them in data files: no thousands separators, no hexadecimal.</summary>
internal static class NumberParser
{
    private const long LargestWhole = 1L << 53;

    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Parses a text that has no blanks around it. Correctly rounded.</summary>
    public static NumberForm Parse(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        var at = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            at = 1;
        }

        var start = at;
        ulong digits = 0;
        var significant = 0;
        var scale = 0;
        var point = -1;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                // Leading zeros are no significant digits; 19 digits always fit in 64 bits.
                if (significant > 0 || digit != 0)
                {
                    significant++;
                    if (significant <= 19)
                    {
                        digits = digits * 10 + digit;
                    }
                }

                if (point >= 0)
                {
                    scale--;
                }
            }
            else if (text[at] == '.' && point < 0)
            {
                point = at;
            }
            else
            {
                break;
            }
        }

        var count = at - start - (point >= 0 ? 1 : 0);
        if (count == 0)
        {
            return Special(text[start..], negative, out value);
        }

        if (at == text.Length && point < 0)
        {
            return Whole(text, start, digits, significant, negative, out value);
        }

        var exponent = 0;
        if (at < text.Length && !Exponent(text[at..], out exponent))
        {
            return NumberForm.None;
        }

        var power = scale + exponent;
        if (significant <= 19 && digits <= LargestWhole && power is >= -22 and <= 22)
        {
            // Both factors are exact doubles, so one rounding happens (Clinger 1990, "How to read floating point numbers accurately").
            var magnitude = power < 0 ? digits / Powers[-power] : digits * Powers[power];
            value = negative ? -magnitude : magnitude;
        }
        else if (!double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
        {
            return NumberForm.None;
        }

        return Checked(ref value);
    }

    /// <summary>Parses a string; blanks around it are passed over.</summary>
    public static NumberForm Parse(string text, out double value)
    {
        var trimmed = text.AsSpan().Trim();
        Span<byte> bytes = stackalloc byte[64];
        if (trimmed.Length > 64 || !System.Text.Ascii.IsValid(trimmed))
        {
            value = double.NaN;
            return NumberForm.None;
        }

        System.Text.Ascii.FromUtf16(trimmed, bytes, out var written);
        return Parse(bytes[..written], out value);
    }

    private static NumberForm Whole(ReadOnlySpan<byte> text, int start, ulong digits, int significant, bool negative, out double value)
    {
        value = double.NaN;
        // "007" is a code, not a quantity: as a number it would lose its zeros.
        if (text.Length - start > 1 && text[start] == '0')
        {
            return NumberForm.None;
        }

        if (significant > 19 || digits > LargestWhole)
        {
            return NumberForm.None;
        }

        value = negative ? -(double)digits : digits;
        return NumberForm.Finite;
    }

    private static bool Exponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        var at = 1;
        var negative = false;
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
        {
            negative = text[at] == '-';
            at++;
        }

        if (at == text.Length)
        {
            return false;
        }

        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit > 9)
            {
                return false;
            }

            exponent = Math.Min(exponent * 10 + (int)digit, 100_000);
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }

    private static NumberForm Special(ReadOnlySpan<byte> text, bool negative, out double value)
    {
        value = double.NaN;
        if (System.Text.Ascii.EqualsIgnoreCase(text, "inf"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "infinity"u8) || text.SequenceEqual("∞"u8))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return NumberForm.Infinite;
        }

        return NumberForm.None;
    }

    private static NumberForm Checked(ref double value) => double.IsFinite(value) ? NumberForm.Finite : NumberForm.Infinite;
}
