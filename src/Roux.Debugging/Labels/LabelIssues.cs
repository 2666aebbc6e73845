using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Data;

namespace Roux.Debugging.Labels;

/// <summary>Rows by how likely their answer is wrong.</summary>
public sealed record LabelIssues
{
    /// <summary>The answers that were looked at.</summary>
    public required Target Target { get; init; }

    /// <summary>Places in <see cref="Target"/>, the most suspicious first.</summary>
    public required int[] Ranked { get; init; }

    /// <summary>Number of rows, the first of <see cref="Ranked"/>, that are held to be wrong.</summary>
    public required int Count { get; init; }

    /// <summary>Per row: of classes the probability of the given one (self-confidence); of numbers 1 / (1 + residual in robust deviations), so that small is suspicious too.</summary>
    public required double[] Confidence { get; init; }

    /// <summary>Per row: of classes the probability of the given one less the greatest of the others, from -1 to 1 (normalised margin); of numbers minus the residual in robust deviations.</summary>
    public required double[] Margin { get; init; }

    /// <summary>Per row the class that models would give (index), or the number.</summary>
    public required double[] Suggested { get; init; }

    /// <summary>How given and true labels go together; <c>null</c> for numbers.</summary>
    public ConfidentJoint? Joint { get; init; }

    /// <summary>Rows x classes: mean probabilities of the models; of numbers their mean prediction.</summary>
    public required double[] Outputs { get; init; }

    /// <summary>Names of the models asked.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Of classes: confident learning's count of wrong labels a given class (prune by class and by noise rate take as many), ranked by self-confidence.</summary>
    internal static LabelIssues OfClasses(Target y, double[] probabilities, IReadOnlyList<Candidate> models)
    {
        var classes = y.Classes.Length;
        var joint = ConfidentJoint.Of(y.Labels, probabilities, classes);
        var (confidence, margin, suggested) = (new double[y.Count], new double[y.Count], new double[y.Count]);
        var wrong = 0;
        for (var i = 0; i < y.Count; i++)
        {
            var row = probabilities.AsSpan(i * classes, classes);
            var other = -1;
            for (var k = 0; k < classes; k++)
            {
                other = k != y.Labels[i] && (other < 0 || row[k] > row[other]) ? k : other;
            }

            confidence[i] = row[y.Labels[i]];
            margin[i] = row[y.Labels[i]] - row[other];
            suggested[i] = margin[i] < 0 ? other : y.Labels[i];
            wrong += ConfidentJoint.Confident(row, joint.Thresholds) is >= 0 and var real && real != y.Labels[i] && margin[i] < 0 ? 1 : 0;
        }

        return new LabelIssues
        {
            Target = y,
            Ranked = [.. Enumerable.Range(0, y.Count).OrderBy(i => confidence[i]).ThenBy(i => i)],
            Count = wrong,
            Confidence = confidence,
            Margin = margin,
            Suggested = suggested,
            Joint = joint,
            Outputs = probabilities,
            Models = [.. models.Select(model => model.Name)],
        };
    }

    /// <summary>Of numbers: residuals of held-out rows in units of the robust deviation (1.4826 times the median absolute one) of the 10% of rows with the nearest predictions; from 8 on a row is held to be wrong.</summary>
    internal static LabelIssues OfNumbers(double[] values, double[] predicted, IReadOnlyList<Candidate> models)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => predicted[i]).ToArray();
        var scaled = new double[values.Length];
        var overall = Math.Max(1e-300, Median([.. values.Select((value, i) => Math.Abs(value - predicted[i]))]));
        var window = Math.Max(20, values.Length / 10);
        for (var from = 0; from < order.Length; from += window)
        {
            var part = order.AsSpan(from, Math.Min(window, order.Length - from)).ToArray();
            var scale = 1.4826 * Math.Max(overall / 10, Median([.. part.Select(i => Math.Abs(values[i] - predicted[i]))]));
            foreach (var i in part)
            {
                scaled[i] = Math.Abs(values[i] - predicted[i]) / scale;
            }
        }

        return new LabelIssues
        {
            Target = Target.Regression(values),
            Ranked = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => scaled[i]).ThenBy(i => i)],
            Count = scaled.Count(residual => residual >= 8),
            Confidence = [.. scaled.Select(residual => 1 / (1 + residual))],
            Margin = [.. scaled.Select(residual => -residual)],
            Suggested = predicted,
            Outputs = predicted,
            Models = [.. models.Select(model => model.Name)],
        };
    }

    /// <summary>The given answer of a row in words.</summary>
    public string Answer(int i) => Joint is null ? Target.Values[i].ToString("R", CultureInfo.InvariantCulture) : Target.Classes[Target.Labels[i]];

    /// <summary>The answer that models would give a row, in words.</summary>
    public string Suggestion(int i) => Joint is null ? Suggested[i].ToString("G6", CultureInfo.InvariantCulture) : Target.Classes[(int)Suggested[i]];

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }
}
