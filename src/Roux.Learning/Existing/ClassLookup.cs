using System.Globalization;

namespace Roux.Learning.Existing;

/// <summary>Finds the class that an existing system means.</summary>
/// <param name="classes">The target's classes.</param>
/// <param name="stated">The system's classes in the order of its numbers; empty where it gives the classes themselves.</param>
internal sealed class ClassLookup(IReadOnlyList<string> classes, IReadOnlyList<string> stated)
{
    private readonly Dictionary<string, int> byName = classes.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
    private readonly double[] numbers = [.. classes.Select(Number)];

    /// <summary>The class of a label: the same text, the same number, or the same truth value; -1 for none.</summary>
    public int Find(string label)
    {
        if (byName.TryGetValue(label, out var found) || byName.TryGetValue(label.Trim(), out found))
        {
            return found;
        }

        if (Number(label) is var number && !double.IsNaN(number))
        {
            return Array.IndexOf(numbers, number);
        }

        return bool.TryParse(label, out var truth)
            ? Enumerable.Range(0, classes.Count).FirstOrDefault(i => bool.TryParse(classes[i], out var other) && other == truth, -1)
            : -1;
    }

    /// <summary>The class of a number: its place among the stated classes, else the class of that value; -1 for none.</summary>
    public int Find(double number)
    {
        if (stated.Count > 0)
        {
            return number >= 0 && number < stated.Count && number == Math.Floor(number) ? Find(stated[(int)number]) : -1;
        }

        return Array.IndexOf(numbers, number);
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
