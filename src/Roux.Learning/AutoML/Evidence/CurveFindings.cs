using System.Text.Json.Nodes;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Makes a finding of a clear advice.</summary>
internal static class CurveFindings
{
    public static IEnumerable<Finding> Of(LearningCurveEvidence evidence)
    {
        if (evidence.Advice is not { Clear: true, Step: not NextStep.Stop } advice || evidence.Curves[0] is not { Errors: { } errors } first)
        {
            yield break;
        }

        var (check, cause, fix, verify) = advice.Step switch
        {
            NextStep.MoreData => ("more-data-would-help", "The learning curve of the model still falls at the present number of rows.",
                "Collect more labelled rows of the kind that the model is used on.", "Run again with the new rows: the score should lie in the interval that was foretold."),
            NextStep.BiggerModel => ("bigger-model", "The model errs on rows that it has learned: it cannot express what the data hold.",
                "Try families that can express more, less regularisation, or columns that tell more.", "The training error falls, and the validation error with it."),
            _ => ("better-labels", "The model errs as often as the people who labelled the data.",
                "Settle the rows on which annotators or the model disagree with the label; write the rules of labelling down.", "Agreement of the annotators rises, and the validation error falls."),
        };
        yield return new Finding(check, Severity.Low, $"{CurveSentences.Title(advice.Step)}: {advice.Reason}.")
        {
            Evidence = new JsonObject
            {
                ["training_error"] = errors.Training,
                ["validation_error"] = errors.Validation,
                ["floor"] = errors.Floor?.Estimate,
                ["unit"] = evidence.ErrorUnit,
                ["gain_twice"] = first.GainTwice?.Estimate,
                ["rows"] = evidence.PresentRows,
            },
            Cause = cause,
            Fix = fix,
            Verify = verify,
        };
    }
}
