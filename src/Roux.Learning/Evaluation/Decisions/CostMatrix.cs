using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Decisions;

/// <summary>What it costs to predict one class where another is true.</summary>
public sealed class CostMatrix
{
    private const long MostBytes = 10_000_000;

    /// <param name="classes">Names of the classes, at least two.</param>
    /// <param name="costs">Classes x classes, actual x predicted, row-major; finite. A negative cost is a gain.</param>
    public CostMatrix(string[] classes, double[] costs) => (Classes, Costs) = (classes, costs.Length == classes.Length * classes.Length && classes.Length > 1 ? costs
        : throw new ArgumentException($"{costs.Length} costs do not make a matrix of {classes.Length} classes", nameof(costs)));

    /// <summary>Names of the classes.</summary>
    public string[] Classes { get; }

    /// <summary>Classes x classes, actual x predicted, row-major.</summary>
    public double[] Costs { get; }

    /// <summary>The cost of one decision.</summary>
    public double this[int actual, int predicted] => Costs[actual * Classes.Length + predicted];

    /// <summary>Reads a file such as <c>{"ill": {"healthy": 100}, "healthy": {"ill": 5}}</c>: actual, then predicted. What is right costs nothing unless it is named; every mistake must be named.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <exception cref="DataException">It cannot be read, names something else, or leaves a mistake out.</exception>
    public static CostMatrix Load(string path, string[] classes)
    {
        JsonNode? json;
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new DataException($"--cost-matrix '{path}': larger than {MostBytes / 1_000_000} MB; a cost matrix is a small JSON file");
            }

            json = JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { MaxDepth = 4 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new DataException($"--cost-matrix '{path}': {(e is JsonException ? "not valid JSON" : "cannot be read")}: {e.Message}");
        }

        try
        {
            return Read(path, json, classes);
        }
        catch (ArgumentException e) // a name that occurs twice shows on first access
        {
            throw new DataException($"--cost-matrix '{path}': {e.Message}");
        }
    }

    /// <summary>Mean cost of decisions.</summary>
    /// <param name="actual">True classes.</param>
    /// <param name="predicted">Predicted classes of the same rows.</param>
    public double Mean(int[] actual, int[] predicted) => actual.Zip(predicted, (a, b) => this[a, b]).DefaultIfEmpty(double.NaN).Average();

    private static CostMatrix Read(string path, JsonNode? json, string[] classes)
    {
        var option = $"--cost-matrix '{path}':";
        if (json is not JsonObject rows)
        {
            throw new DataException($"{option} not an object of the form {{\"actual\": {{\"predicted\": cost}}}}");
        }

        var costs = new double[classes.Length * classes.Length];
        for (var actual = 0; actual < classes.Length; actual++)
        {
            costs.AsSpan(actual * classes.Length, classes.Length).Fill(double.NaN);
            costs[actual * classes.Length + actual] = 0;
        }

        foreach (var (actual, row) in rows)
        {
            foreach (var (predicted, cost) in row as JsonObject ?? throw new DataException($"{option} '{actual}' is not an object of predicted classes and costs"))
            {
                costs[Place(option, actual, classes) * classes.Length + Place(option, predicted, classes)] =
                    cost is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number
                    : throw new DataException($"{option} the cost of '{predicted}' where '{actual}' is true is not a number");
            }
        }

        var absent = Array.FindIndex(costs, double.IsNaN);
        return absent < 0 ? new CostMatrix(classes, costs)
            : throw new DataException($"{option} says nothing of '{classes[absent % classes.Length]}' predicted where '{classes[absent / classes.Length]}' is true; add \"{classes[absent / classes.Length]}\": {{\"{classes[absent % classes.Length]}\": COST}}");
    }

    private static int Place(string option, string name, string[] classes) => Array.IndexOf(classes, name) is >= 0 and var place ? place
        : throw new DataException(NearestName.Message(option, name, "class", classes).Replace("Classs:", "Classes:", StringComparison.Ordinal));
}
