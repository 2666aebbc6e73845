using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Recipe;

/// <summary>How a step of the recipe ended.</summary>
public enum StepOutcome
{
    /// <summary>Nothing speaks against going on.</summary>
    Passed,

    /// <summary>Something has to be mended before it makes sense to go on.</summary>
    Failed,

    /// <summary>There was nothing to look at.</summary>
    Skipped,

    /// <summary>A step before it failed, or the time was up.</summary>
    NotReached,
}

/// <summary>A step of the recipe, and what came of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Such as <c>overfit a batch</c>.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Proof">What was seen, in figures.</param>
/// <param name="Findings">What was found, the most important first.</param>
public sealed record RecipeStep(int Number, string Name, string Question, StepOutcome Outcome, string Proof, IReadOnlyList<Finding> Findings)
{
    /// <summary>Seconds that it took.</summary>
    public double Seconds { get; init; }

    /// <summary>The curve or the bars behind the proof; <c>null</c> for a step that has none.</summary>
    public EvidencePlot? Plot { get; init; }

    /// <summary>What is shown for it, as JSON: of a failed step the picture of what it failed by.</summary>
    internal JsonObject? Shown => (Outcome == StepOutcome.Failed ? Findings[0].Evidence?[EvidencePlot.Key] as JsonObject : null) ?? Plot?.ToJson();

    /// <summary>Its outcome in words.</summary>
    public string Words => Outcome switch { StepOutcome.Passed => "passed", StepOutcome.Failed => "failed", StepOutcome.Skipped => "skipped", _ => "not reached" };

    /// <summary>The step as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["step"] = Number,
        ["name"] = Name,
        ["question"] = Question,
        ["outcome"] = Words.Replace(' ', '_'),
        ["proof"] = Proof,
        ["findings"] = new JsonArray([.. Findings.Select(finding => JsonValue.Create(finding.Check))]),
    };
}
