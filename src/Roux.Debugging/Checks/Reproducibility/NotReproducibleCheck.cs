using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>Two trainings with one seed come to different models.</summary>
public sealed class NotReproducibleCheck : Check<RepeatSubject>
{
    private static readonly Threshold Tolerance = new("tolerance", 1e-9, "difference of two numbers over the size of the largest, above which they differ", "Rounding of double precision over some thousands of additions (Higham 2002, section 4.2)");
    private static readonly Threshold Rounding = new("rounding", 1e-4, "largest difference of answers over the size of the largest, up to which only the order of additions differs", "Rounding of single precision, 6e-8, grown over some thousands of steps");

    /// <inheritdoc/>
    public override string Name => "not-reproducible";

    /// <inheritdoc/>
    public override string Definition => "Two trainings with the same seed and the same number of threads do not agree; the first mark where they part is told: rows, initial weights, a step (Pham et al. 2020).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Tolerance, Rounding];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["depends-on-threads", "unstable-seeds"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(RepeatSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var tolerance = context.Value(Name, Tolerance);
        var one = subject.Trace(subject.Threads);
        if (Parting.Of(one, subject.Trace(subject.Threads, 1), tolerance) is not { } parting)
        {
            yield break;
        }

        // The same on a single thread: what still differs there has nothing to do with threads.
        var single = Parting.Of(subject.Trace(1), subject.Trace(1, 1), tolerance);
        var size = one.Answers.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var small = parting.Share == 0 && parting.Largest <= context.Value(Name, Rounding) * size;
        var (where, cause, fix) = Explain(single is null, single?.Stage ?? parting.Stage);
        yield return new Finding(Name, small ? Severity.Low : Severity.Medium, string.Create(CultureInfo.InvariantCulture,
            $"Two trainings of {subject.Name} with one seed do not agree: they part {where}, and in the end {parting.Share:0.#%} of the answers differ"))
        {
            Evidence = new JsonObject
            {
                ["parts_at"] = where,
                ["agrees_on_one_thread"] = single is null,
                ["largest_difference"] = double.IsFinite(parting.Largest) ? parting.Largest : null,
                ["share_of_rows"] = parting.Share,
                [EvidencePlot.Key] = Plot(parting).ToJson(),
            },
            Cause = cause,
            Fix = fix,
            Verify = "Two trainings with one seed give the same answers to the last digit; with another seed, others.",
        };
    }

    private static (string Where, string Cause, string Fix) Explain(bool agreesOnOneThread, RepeatStage? stage) => (agreesOnOneThread, stage?.Kind) switch
    {
        (true, _) => (stage is null ? "only when several threads work" : $"at {stage.Name}, and only when several threads work",
            "Threads add numbers up in an order that changes from run to run, or race for the same memory.",
            "Train on one thread, or with kernels that add in a fixed order (torch.use_deterministic_algorithms, deterministic=true in LightGBM), where runs must agree."),
        (_, StageKind.Data) => ($"at the rows themselves ({stage!.Name})",
            "The order of the rows, a sample or an augmentation comes from a random generator that no seed reaches, or from the order of a set, a dictionary or the files of a folder.",
            "Give the shuffling and the data loader a seed of their own; sort what comes from sets and folders."),
        (_, StageKind.Initialisation) => ($"at the initial weights ({stage!.Name})",
            "The weights are drawn before the seed is set, or from another generator.",
            "Set the seed before the network is made, for every library that draws numbers."),
        (_, StageKind.Training) => ($"at {stage!.Name}",
            "Rows and initial weights agree, so something in the steps differs: dropout or noise without a seed, a kernel that adds in an undefined order, or the clock.",
            "Seed the generators of dropout and noise; ask for deterministic kernels."),
        _ => ("in the finished model", "The learner draws numbers that no seed reaches, or depends on the clock or on what ran before it.", "Pass the seed on to the learner, and keep nothing between trainings."),
    };

    private static EvidencePlot Plot(Parting parting)
    {
        double[] sorted = [.. parting.Differences.Where(double.IsFinite).OrderDescending()];
        var step = Math.Max(1, sorted.Length / 200);
        int[] places = [.. Enumerable.Range(0, sorted.Length / step).Select(i => i * step)];
        return new EvidencePlot(PlotKind.Line, "How far the answers of two equal trainings lie apart", "answers, the farthest apart first", "difference",
            [new PlotSeries("difference", [.. places.Select(place => (double)place)], [.. places.Select(place => sorted[place])])]);
    }
}
