using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>
/// Shapley values of a pipeline, grouped by source column (Lundberg and Lee, "A unified approach to interpreting model predictions", 2017). Exact for trees, forests,
/// boosting and linear models, and for the average of several whose scores are on the prediction's own scale; estimated by sampling for all others.
/// </summary>
public static class Shap
{
    /// <summary>Steps that a call without a time limit may take.</summary>
    private const double StepsWithoutClock = 3e9;

    private const long MostPartsAtOnce = 4_000_000;
    private const int MostFeaturesKept = 60;
    private const int FeaturesOfRow = 24;

    /// <summary>Explains rows.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="table">Rows to explain, of which the first <see cref="ShapOptions.MaxRows"/> are.</param>
    /// <param name="background">Rows that stand for the data: the reference of linear models and of sampling. Trees bring their own reference, the training rows.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">A column that the model needs is not there, or it looks at none (see <see cref="ReadsColumns"/>).</exception>
    public static ShapValues Of(Pipeline pipeline, Table table, Table background, ShapOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(options);
        if (!ReadsColumns(pipeline))
        {
            throw new DataException($"'{pipeline.Name}' looks at no column, as baselines do: it answers alike whatever a row holds, and there is nothing to explain");
        }

        if (table.RowCount == 0 || background.RowCount == 0)
        {
            throw new DataException($"{(table.RowCount == 0 ? table : background).Name} has no rows: nothing to explain");
        }

        var rows = table.RowCount <= options.MaxRows ? table : table.Take([.. Enumerable.Range(0, options.MaxRows)]);
        var reference = Background.Of(background, options.Background, options.Seed);
        return Members(pipeline, reference, options) is { } members
            ? Exact(pipeline, members, rows, options, cancellation)
            : ColumnSampling.Of(pipeline, rows, reference, options, cancellation);
    }

    /// <summary>Whether a model looks at any column; a zero rule does not.</summary>
    public static bool ReadsColumns(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return pipeline.Members.Any(member => member.Featurizer.Columns.Count > 0);
    }

    /// <summary>The members with the way to explain each; <c>null</c> where a member has no exact one or their scores do not add up to the pipeline's.</summary>
    private static List<(PipelineMember Member, Attribution Parts)>? Members(Pipeline pipeline, Table background, ShapOptions options)
    {
        var members = new List<(PipelineMember, Attribution)>();
        var made = new Dictionary<FittedFeaturizer, FeatureMatrix>(ReferenceEqualityComparer.Instance as IEqualityComparer<FittedFeaturizer>);
        foreach (var member in pipeline.Members.Where(member => member.Weight > 0))
        {
            if (!made.TryGetValue(member.Featurizer, out var x))
            {
                made.Add(member.Featurizer, x = member.Featurizer.Transform(background));
            }

            if (Attributions.Exact(member.Model, x, options.Native) is not { } parts)
            {
                return null;
            }

            members.Add((member, parts));
        }

        // Averages are taken of predictions: only scores that are predictions add up.
        var additive = members.Count == 1 || members.All(pair => pair.Item1.TargetTransform == TargetTransform.None && pair.Item2.Scale is ScoreScale.Value or ScoreScale.Probability);
        return additive ? members : null;
    }

    private static ShapValues Exact(Pipeline pipeline, List<(PipelineMember Member, Attribution Parts)> members, Table table, ShapOptions options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var grouping = Grouping.Of(pipeline, members);
        var outputs = members[0].Parts.Outputs;
        var total = members.Sum(pair => pair.Member.Weight);
        var affordable = double.IsInfinity(options.Seconds) ? (int)Math.Clamp(StepsWithoutClock / members.Sum(pair => pair.Parts.Cost), 10, int.MaxValue) : int.MaxValue;
        var most = Math.Min(affordable, table.RowCount);
        var values = new List<double>(most * grouping.Columns.Count * outputs);
        var widest = members.Max(pair => pair.Member.Featurizer.Features.Count);
        var block = (int)Math.Clamp(MostPartsAtOnce / ((long)widest * outputs), 1, 4 * threads);
        var done = 0;
        while (done < most && (done == 0 || watch.Elapsed.TotalSeconds < options.Seconds))
        {
            var end = Math.Min(most, done + block);
            var part = table.Take([.. Enumerable.Range(done, end - done)]);
            var grouped = new double[part.RowCount * grouping.Columns.Count * outputs];
            for (var m = 0; m < members.Count; m++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (member, attribution) = members[m];
                var x = member.Featurizer.Transform(part, cancellation);
                var parts = new double[(long)x.Rows * x.Columns * outputs];
                attribution.Add(x, member.Weight / total, parts, threads, cancellation);
                grouping.Add(m, done, parts, outputs, grouped, options.DetailRows);
            }

            values.AddRange(grouped);
            done = end;
        }

        var scale = Scale(members[0], pipeline);
        var shap = new ShapValues
        {
            Scale = scale.Words,
            Method = members.Select(pair => pair.Parts.Method).Distinct().Count() == 1 ? members[0].Parts.Method : "exact for each member: " + string.Join("; ", members.Select(pair => pair.Parts.Method).Distinct()),
            Columns = grouping.Columns,
            Outputs = OutputsOf(pipeline),
            Rows = done,
            Expectation = [.. Enumerable.Range(0, outputs).Select(k => members.Sum(pair => pair.Member.Weight / total * pair.Parts.Expectation[k]))],
            Values = [.. values],
            Features = grouping.Shares(done * outputs, MostFeaturesKept),
            RowFeatures = grouping.RowFeatures(FeaturesOfRow),
        };
        return shap with { Gap = Additivity.Gap(shap, scale.Kind, pipeline.With(null, null).Predict(table.Take([.. Enumerable.Range(0, done)]), cancellation)) };
    }

    /// <summary>What the outputs are called: for two classes the positive one alone.</summary>
    internal static IReadOnlyList<string> OutputsOf(Pipeline pipeline) => pipeline.Task switch
    {
        TaskKind.Regression => [pipeline.TargetColumn],
        TaskKind.Binary => [pipeline.Classes[1]],
        _ => pipeline.Classes,
    };

    private static (ScoreScale Kind, string Words) Scale((PipelineMember Member, Attribution Parts) first, Pipeline pipeline)
    {
        var kind = first.Member.TargetTransform == TargetTransform.Log1p && first.Parts.Scale == ScoreScale.Value ? ScoreScale.Log1pValue : first.Parts.Scale;
        var of = pipeline.Task == TaskKind.Binary ? pipeline.Classes[1] : pipeline.Task == TaskKind.Regression ? pipeline.TargetColumn : "each class";
        var before = pipeline.Calibrator is null ? "" : ", before calibration";
        return (kind, kind switch
        {
            ScoreScale.LogOdds => $"log-odds of {of}{before}",
            ScoreScale.Probability => $"probability of {of}{before}",
            ScoreScale.ClassScore => $"score of each class before softmax (log scale){before}",
            ScoreScale.LogValue => $"natural logarithm of {of}",
            ScoreScale.Log1pValue => $"natural logarithm of 1 + {of}",
            _ => $"{of}, in its own unit",
        });
    }
}
