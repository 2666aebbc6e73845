using System.Globalization;

namespace Roux.Debugging.Checks;

/// <summary>Figures and lists in messages.</summary>
internal static class Wording
{
    private const int MostNamed = 6;

    /// <summary>A share as per cent.</summary>
    public static string Percent(double share) => (share * 100).ToString(Math.Abs(share) is > 0 and < 0.001 ? "0.00" : Math.Abs(share) < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A number to three digits.</summary>
    public static string Number(double value) => Math.Abs(value) >= 1000 && Math.Abs(value) < 1e9 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>A count and what is counted.</summary>
    public static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    /// <summary>Names in quotes, the first few.</summary>
    public static string Names(IReadOnlyCollection<string> names) => List([.. names.Select(name => $"'{name}'")]);

    /// <summary>Items, the first few.</summary>
    public static string List(IReadOnlyCollection<string> items) =>
        string.Join(", ", items.Take(MostNamed)) + (items.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {items.Count - MostNamed:N0} more") : "");

    /// <summary>A text on one line and of bounded length.</summary>
    public static string Short(string text, int most = 60)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..most] + "…";
    }
}
