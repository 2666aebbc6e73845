using System.Globalization;
using System.Text.Json;

namespace Roux.Server.Protocol;

/// <summary>Floating-point numbers in protobuf's JSON: NaN and infinities are texts.</summary>
internal static class Numbers
{
    private static readonly JsonEncodedText NaN = JsonEncodedText.Encode("NaN");
    private static readonly JsonEncodedText Infinity = JsonEncodedText.Encode("Infinity");
    private static readonly JsonEncodedText MinusInfinity = JsonEncodedText.Encode("-Infinity");

    public static bool TryParse(string text, out double number)
    {
        number = text switch { "NaN" or "nan" => double.NaN, "Infinity" or "inf" => double.PositiveInfinity, "-Infinity" or "-inf" => double.NegativeInfinity, _ => 0 };
        return number != 0 || double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite & ~NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out number);
    }

    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, double.IsNaN(number) ? NaN : number > 0 ? Infinity : MinusInfinity);
        }
    }
}
