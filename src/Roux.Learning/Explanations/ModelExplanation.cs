using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>What a model looks at, over a sample of rows.</summary>
/// <param name="Shap">Contributions of columns to predictions.</param>
/// <param name="Rows">The rows that were explained, in the order of <paramref name="Shap"/>.</param>
/// <param name="Dependence">How predictions change with the most important columns, the most important first; texts and lists are left out.</param>
public sealed record ModelExplanation(ShapValues Shap, Table Rows, IReadOnlyList<PartialDependence> Dependence)
{
    /// <summary>Explains a model on a sample.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="table">Rows to draw from: best those that it was not fitted on.</param>
    /// <param name="background">Rows that stand for the data.</param>
    /// <param name="options">How far to go; seconds are for all of it.</param>
    /// <param name="columns">Most columns whose dependence is drawn.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static ModelExplanation Of(Pipeline pipeline, Table table, Table background, ShapOptions options, int columns = 4, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var watch = Stopwatch.StartNew();
        var sample = table.Take(Background.Draw(table.RowCount, options.MaxRows, options.Seed));
        var shap = Explanations.Shap.Of(pipeline, sample, background, options with { Seconds = options.Seconds * 0.6 }, cancellation);
        sample = sample.Take([.. Enumerable.Range(0, shap.Rows)]);
        var reference = Background.Of(background, options.MaxRows, options.Seed);
        var dependence = new List<PartialDependence>();
        foreach (var (column, mean) in shap.Importance())
        {
            if (dependence.Count >= columns || mean <= 0 || watch.Elapsed.TotalSeconds > options.Seconds * 0.9)
            {
                break;
            }

            var role = pipeline.Columns.FirstOrDefault(spec => spec.Name == column)?.Role;
            if (role is ColumnRole.Numeric or ColumnRole.Boolean or ColumnRole.Date or ColumnRole.Categorical && Varies(reference[column]))
            {
                dependence.Add(PartialDependence.Of(pipeline, reference, column, cancellation: cancellation));
            }
        }

        return new ModelExplanation(shap, sample, dependence);
    }

    private static bool Varies(Column column) => Enumerable.Range(0, column.Length).Select(column.Format).OfType<string>().Distinct(StringComparer.Ordinal).Skip(1).Any();
}
