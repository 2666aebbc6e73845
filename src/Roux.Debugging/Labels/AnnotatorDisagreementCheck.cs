using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Annotations;
using Roux.Tracking;

namespace Roux.Debugging.Labels;

/// <summary>Annotators who see the same rows differently, and one who sees them unlike all others.</summary>
public sealed class AnnotatorDisagreementCheck : Check<TableSubject>
{
    private static readonly Threshold Alpha = new("alpha", 0.667, "Krippendorff's alpha below which the severity is medium", "Krippendorff 2004: below 0.667 no conclusions, above 0.8 reliable");

    private static readonly Threshold Reliable = new("reliable", 0.8, "Krippendorff's alpha below which it is mentioned", "Krippendorff 2004, page 241");

    private static readonly Threshold Apart = new("apart", 0.15, "how much less an annotator agrees with the consensus of the others than the middle annotator does", "A difference that one or two hundred labels show to be none of chance");

    /// <inheritdoc/>
    public override string Name => "annotator-disagreement";

    /// <inheritdoc/>
    public override string Definition => "People who labelled the same rows agree little beyond chance (Krippendorff 2004), or one of them agrees far less than the others.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Alpha, Reliable, Apart];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["label-errors"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Options.Annotations is not { Annotators.Count: >= 2 } set)
        {
            yield break;
        }

        AnnotationStudy study;
        try
        {
            study = AnnotationStudy.Of(set, seed: context.Seed, cancellation: context.Cancellation);
        }
        catch (DataException)
        {
            yield break; // Only one class is used: nothing to disagree on.
        }

        var alpha = study.Agreement.Alpha[0].Alpha;
        if (alpha.Estimate < context.Value(Name, Reliable))
        {
            yield return new Finding(Name, alpha.Estimate < context.Value(Name, Alpha) ? Severity.Medium : Severity.Low,
                $"Annotators agree little: Krippendorff's alpha is {Wording.Number(alpha.Estimate)} (95% interval {Wording.Number(alpha.Low)} to {Wording.Number(alpha.High)}; 0.8 is reliable)")
            {
                Columns = subject.TargetName is { } name ? [name] : [],
                Evidence = Figures.Of(("alpha", alpha.Estimate), ("low", alpha.Low), ("high", alpha.High)).WithBars("Agreement of each annotator with the others", "agreement", study.Annotators.Select(one => (one.Name, one.Agreement))),
                Cause = "The question is not clear, the rows do not hold the answer, or someone guesses.",
                Fix = "Look at the rows they see most differently, write down how such are to be labelled, and label some again.",
                Verify = "Alpha of the rows labelled again.",
            };
        }

        if (set.IsNumeric || set.Annotators.Count < 3)
        {
            yield break;
        }

        var agreements = study.Annotators.Select(one => one.Agreement).Where(double.IsFinite).Order().ToArray();
        foreach (var one in study.Annotators.Where(one => agreements.Length > 2 && one.Items >= 20 && agreements[agreements.Length / 2] - one.Agreement >= context.Value(Name, Apart)))
        {
            yield return new Finding(Name, Severity.Medium, $"Annotator '{one.Name}' agrees with the others in {Wording.Percent(one.Agreement)} of the rows, the middle annotator in {Wording.Percent(agreements[agreements.Length / 2])}")
            {
                Evidence = Figures.Of((one.Name, one.Agreement), ("middle", agreements[agreements.Length / 2])).WithList("annotators", [one.Name]).WithBars("Agreement of each annotator with the others", "agreement", study.Annotators.Select(other => (other.Name, other.Agreement))),
                Cause = "The annotator understood the question otherwise, or did not look.",
                Fix = "Go through some rows together; leave the labels out, or weight annotators by what they are worth (Dawid and Skene's consensus does).",
                Verify = "The annotator's agreement on rows labelled again.",
            };
        }
    }
}
