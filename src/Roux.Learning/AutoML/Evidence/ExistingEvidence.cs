using System.Globalization;
using Roux.Learning.Evaluation;
using Roux.Learning.Existing;

namespace Roux.Learning.AutoML;

/// <summary>The winner beside the system that answers now.</summary>
public sealed record ExistingEvidence
{
    /// <summary><c>file</c>, <c>onnx</c> or <c>http</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is, for a reader.</summary>
    public required string Description { get; init; }

    /// <summary>Its mean over the folds with its interval; <c>null</c> where it knows the final rows only.</summary>
    public required Interval? CrossValidated { get; init; }

    /// <summary>All its figures on the final rows.</summary>
    public required EvaluationResult Final { get; init; }

    /// <summary>Gain of the winner over it on the final rows by the headline metric, positive where the winner is better, from a paired bootstrap.</summary>
    public required Interval Gain { get; init; }

    /// <summary>Rows that were scored as the default, of all that were asked for.</summary>
    public required int Missing { get; init; }

    /// <summary>Rows answered with an unknown class.</summary>
    public required int Unknown { get; init; }

    /// <summary>Whether it gave labels alone.</summary>
    public required bool LabelsOnly { get; init; }

    /// <summary>How long it took; <c>null</c> for a file.</summary>
    public required ExistingLatency? Latency { get; init; }

    /// <summary>Whether the winner beats it, and by how much, in a sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>The run that holds its scores; <c>null</c> where it was no candidate.</summary>
    public required string? RunId { get; init; }

    internal static ExistingEvidence? Of(EvidenceContext context)
    {
        if (context.Existing is not { } existing)
        {
            return null;
        }

        var (metric, seed) = (context.Metric, Seeds.Derive(context.Options.Seed, "existing"));
        var (y, theirs) = (context.Inputs.TestTarget, existing.Final.Predictions);
        var gain = PairedDifference.Gain(metric, y, context.TestPredictions, theirs, seed: seed, cancellation: CancellationToken.None);
        var result = context.Ranked.FirstOrDefault(candidate => candidate.Family == ExistingCompetitor.Family);
        return new ExistingEvidence
        {
            Kind = existing.Kind,
            Description = existing.Description,
            CrossValidated = result is null ? null : context.Board.IntervalOf(result),
            Final = Evaluator.Evaluate(y, theirs, metric, seed, cancellation: CancellationToken.None),
            Gain = gain,
            Missing = existing.Final.Missing + (existing.Searched?.Missing ?? 0),
            Unknown = existing.Final.Unknown + (existing.Searched?.Unknown ?? 0),
            LabelsOnly = existing.Final.LabelsOnly,
            Latency = existing.Searched?.Latency ?? existing.Final.Latency,
            Verdict = Say(context.Winner.Name, gain, metric),
            RunId = result?.RunId,
        };
    }

    private static string Say(string winner, Interval gain, Metric metric)
    {
        if (!double.IsFinite(gain.Low) || !double.IsFinite(gain.High))
        {
            return $"{winner} and the existing system differ by {Number(gain.Estimate)} {metric.Title} on the final rows; an interval cannot be given.";
        }

        var range = $"95% interval of the paired difference {Number(gain.Low)} to {Number(gain.High)}";
        return gain.Low > 0 ? $"{winner} beats the existing system by {Number(gain.Estimate)} {metric.Title} on the final rows ({range})."
            : gain.High < 0 ? $"The existing system is better than {winner} by {Number(-gain.Estimate)} {metric.Title} on the final rows ({range}): keep it."
            : $"{winner} is not shown to beat the existing system: the difference on the final rows is {Number(gain.Estimate)} {metric.Title} ({range}).";
    }

    private static string Number(double value) => (DevelopVerdict.Figure(value) is "0" && value != 0 ? value.ToString("G2", CultureInfo.InvariantCulture) : DevelopVerdict.Figure(value)).Replace('-', '−');
}
