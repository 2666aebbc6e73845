using System.Globalization;

namespace Roux.Learning.Evaluation;

/// <summary>
/// The processor's own energy counter (RAPL) as Linux shows it: <c>energy_uj</c>, microjoules of each package, beginning again after
/// <c>max_energy_range_uj</c>. Usually readable by root alone, and not inside most virtual machines.
/// </summary>
/// <param name="folder">Where the system shows it.</param>
internal sealed class EnergyCounter(string folder = "/sys/class/powercap")
{
    /// <summary>Counter and range of each package; <c>null</c> where it cannot be read.</summary>
    public IReadOnlyList<(double Joules, double Range)>? Read()
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                return null;
            }

            // intel-rapl:0 is a package (AMD processors use the same name); intel-rapl:0:0 is a part of it, which it includes.
            var packages = Directory.GetDirectories(folder, "intel-rapl:*").Where(path => Path.GetFileName(path).Count(c => c == ':') == 1).Order(StringComparer.Ordinal).ToList();
            return packages.Count == 0 ? null : [.. packages.Select(package => (Number(package, "energy_uj") / 1e6, Number(package, "max_energy_range_uj") / 1e6))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Watt-hours between two readings.</summary>
    public static double WattHours(IReadOnlyList<(double Joules, double Range)> before, IReadOnlyList<(double Joules, double Range)> after) =>
        before.Zip(after).Sum(pair => pair.Second.Joules - pair.First.Joules + (pair.Second.Joules < pair.First.Joules ? pair.Second.Range : 0)) / 3600;

    private static double Number(string package, string file) => double.Parse(File.ReadAllText(Path.Combine(package, file)), NumberStyles.Float, CultureInfo.InvariantCulture);
}
