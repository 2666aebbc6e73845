using System.Text.Json.Nodes;
using Roux.Tests;
using Xunit;

namespace Roux.Learning.Tests.Evaluation;

/// <summary>Reads reference values and compares with them, collecting every difference so that one run shows them all.</summary>
internal sealed class Golden
{
    private readonly List<string> differences = [];

    public int Compared { get; private set; }

    public static JsonArray Cases(string file) => JsonNode.Parse(File.ReadAllText(SharedData.Path($"golden/{file}")))!.AsArray();

    public static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(value => value!.GetValue<double>())];

    public static int[] Integers(JsonNode? node) => [.. node!.AsArray().Select(value => value!.GetValue<int>())];

    public void Compare(string what, double actual, double expected, double relative = 1e-9)
    {
        Compared++;
        var close = actual == expected || Math.Abs(actual - expected) <= relative * Math.Max(Math.Abs(expected), Math.Abs(actual));
        if (!close)
        {
            differences.Add($"{what}: got {actual:R}, expected {expected:R}");
        }
    }

    public void Compare(string what, IReadOnlyList<double> actual, IReadOnlyList<double> expected)
    {
        Compare($"{what} length", actual.Count, expected.Count);
        for (var i = 0; i < Math.Min(actual.Count, expected.Count); i++)
        {
            Compare($"{what}[{i}]", actual[i], expected[i]);
        }
    }

    public void Verify() => Assert.True(differences.Count == 0, string.Join("\n", differences));
}
