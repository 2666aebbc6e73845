using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Data;

/// <summary>Rows of each class.</summary>
internal static class ClassCounts
{
    public static int[] Of(Target target)
    {
        var counts = new int[target.Classes.Length];
        foreach (var label in target.Labels)
        {
            counts[label]++;
        }

        return counts;
    }
}
