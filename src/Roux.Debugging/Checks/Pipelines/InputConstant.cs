using System.Text.Json.Nodes;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether what a learner receives says anything at all.</summary>
public sealed class InputConstant : Check<InputSubject>
{
    private static readonly Threshold Share = new("share", 0.5, "share of the quantities that are the same in every row, or of the rows that hold nothing but zeros: at least", "half of the input carries no information");

    /// <inheritdoc/>
    public override string Name => "input-constant";

    /// <inheritdoc/>
    public override string Definition => "Features that are the same in every row, or rows of zeros (SageMaker Debugger's AllZero, for inputs).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["labels-unrelated", "prediction-collapse", "input-scale", "worse-than-baseline"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        var x = subject.X;
        if (x.Rows < 10 || (x.Columns == 1 && x.Features[0].Source.Length == 0))
        {
            yield break; // baselines look at nothing
        }

        var statistics = InputStatistics.Of(x);
        bool IsConstant(int j) => statistics.Missing[j] == x.Rows || (statistics.Missing[j] == 0 && statistics.Low[j] == statistics.High[j]);
        var all = Enumerable.Range(0, x.Columns).Where(IsConstant).ToArray();
        if (all.Length == x.Columns)
        {
            yield return Found(Severity.High, $"Every feature that the learner receives is the same in all {x.Rows:N0} rows.", all, x);
            yield break;
        }

        var quantities = Enumerable.Range(0, x.Columns).Where(j => x.Features[j].Kind is FeatureKind.Numeric).ToArray();
        var still = quantities.Where(IsConstant).ToArray();
        if (quantities.Length > 1 && still.Length >= context.Value(Name, Share) * quantities.Length)
        {
            yield return Found(Severity.Medium, $"{still.Length:N0} of {quantities.Length:N0} quantities that the learner receives are the same in every row, such as '{x.Features[still[0]].Name}'.", still, x);
        }

        if (statistics.EmptyRows >= context.Value(Name, Share) * x.Rows)
        {
            yield return new Finding(Name, Severity.High, $"{statistics.EmptyRows:N0} of {x.Rows:N0} rows reach the learner as nothing but zeros.")
            {
                Evidence = new JsonObject { ["empty_rows"] = statistics.EmptyRows, ["rows"] = x.Rows },
                Cause = "Texts without a known word, files that were not found, a mask that covers everything, or a buffer that was never filled.",
                Fix = "Follow one such row through the preparation, step by step.",
                Verify = "Rows that differ in the source differ where the learner gets them.",
            };
        }
    }

    private Finding Found(Severity severity, string message, int[] columns, FeatureMatrix x) => new(Name, severity, message)
    {
        Columns = [.. columns.Select(j => x.Features[j].Source).Distinct().Take(20)],
        Evidence = new JsonObject { ["constant_features"] = columns.Length, ["features"] = x.Columns, ["rows"] = x.Rows },
        Cause = "The value is overwritten on the way, a column of the wrong name or type was read as missing and filled with one number, or a scale so large that float32 keeps no difference.",
        Fix = "Follow a few rows through the preparation, step by step, and see where they become equal.",
        Verify = "The features vary over rows as the source columns do.",
    };
}
