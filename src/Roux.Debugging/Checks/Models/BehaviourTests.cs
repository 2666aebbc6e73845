using System.Text.Json.Nodes;
using Roux.Debugging.Behaviour;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether the model behaves as the user demands.</summary>
public sealed class BehaviourTests : Check<ModelSubject>
{
    private const int Examples = 5;
    private static readonly Threshold Grave = new("grave", 0.5, "share of the rows that fail a test of minimum functionality: at least, for high severity", "the model fails the plain case more often than not");

    /// <inheritdoc/>
    public override string Name => "behaviour";

    /// <inheritdoc/>
    public override string Definition => "A behavioural test of the user fails on more rows than it allows: minimum functionality, invariance, direction (CheckList, Ribeiro et al. 2020).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Grave];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Behaviour is not { } suite || subject.Predict is not { } predict)
        {
            yield break;
        }

        foreach (var test in suite.Tests)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var result = BehaviourRunner.Run(test, predict, subject.Evaluation.Answers.Task, subject.Evaluation.Answers.Classes, subject.Columns, subject.Evaluation.Table);
            if (result.Rows == 0)
            {
                yield return new Finding(Name, Severity.Low, $"Behavioural test '{test.Name}' was tried on no row: none fulfils its condition.") { Fix = "Correct the condition (where), or write rows into the test.", Verify = "The test is tried on some rows." };
            }
            else if (!result.Passed)
            {
                yield return Failed(result, context);
            }
        }
    }

    private Finding Failed(BehaviourResult result, CheckContext context)
    {
        var test = result.Test;
        var (what, cause, fix) = test.Kind switch
        {
            BehaviourKind.MinimumFunctionality => ("plain cases get a wrong answer", "The model has not learned what the case needs: too few such rows in training, or a column that it does not see.", "Add such rows to training, or the column that tells."),
            BehaviourKind.Invariance => ("a change that must not matter changes the answer", "The model relies on something that it should not: a word, a name, a spelling, a protected attribute.", "Remove or mask it, or add changed copies of rows to training."),
            _ => ("the answer does not move as demanded", "The relation is not monotone in the training rows (confounding, few rows there), or the model has fitted noise.", "Constrain the model to be monotone in the column, or check the expectation against the data."),
        };
        int[] shown = [.. result.Failed.Take(Examples)];
        return new Finding(Name, test.Kind == BehaviourKind.MinimumFunctionality && result.FailureRate >= context.Value(Name, Grave) ? Severity.High : Severity.Medium,
            $"Behavioural test '{test.Name}' fails on {result.Failed.Count:N0} of {result.Rows:N0} rows: {what}.")
        {
            Columns = [.. test.Changes.Select(change => change.Column).Distinct()],
            Evidence = new JsonObject
            {
                ["test"] = test.Name,
                ["kind"] = test.Kind switch { BehaviourKind.MinimumFunctionality => "minimum_functionality", BehaviourKind.Invariance => "invariance", _ => "directional" },
                ["rows"] = result.Rows,
                ["failed"] = result.Failed.Count,
                ["allowed_share"] = test.AllowedFailures,
                ["examples"] = new JsonArray([.. shown.Select(row => (JsonNode)new JsonObject
                {
                    ["from"] = result.From[row],
                    ["to"] = result.To[row],
                    ["before"] = Cells(result.Before, row),
                    ["changed"] = new JsonObject(test.Changes.Select(change => KeyValuePair.Create(change.Column, (JsonNode?)JsonValue.Create(result.After[change.Column].Format(row)))).DistinctBy(pair => pair.Key)),
                })]),
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Scatter, "Answer before and after the change", "before", "after", [new PlotSeries("rows", [.. result.From.Take(1000)], [.. result.To.Take(1000)])]).ToJson(),
            },
            Cause = cause,
            Fix = fix,
            Verify = "The test passes on rows that were not used to repair the model.",
        };
    }

    private static JsonObject Cells(Roux.Learning.Data.Table table, int row) =>
        new(table.Columns.Take(12).Select(column => KeyValuePair.Create(column.Name, (JsonNode?)JsonValue.Create(column.Format(row) is { Length: > 100 } text ? text[..100] + "…" : column.Format(row)))));
}
