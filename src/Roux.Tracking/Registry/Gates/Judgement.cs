using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Tracking;

/// <summary>A verdict with its reason.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="Reason">Why, in a sentence that holds the figures.</param>
/// <param name="Numbers">The figures, by snake_case names.</param>
public sealed record Judgement(RuleOutcome Outcome, string Reason, JsonObject? Numbers = null)
{
    /// <summary>Pass or fail.</summary>
    public static Judgement Of(bool holds, string reason, JsonObject? numbers = null) => new(holds ? RuleOutcome.Pass : RuleOutcome.Fail, reason, numbers);

    /// <summary>It cannot be told.</summary>
    public static Judgement Unknown(string reason, JsonObject? numbers = null) => new(RuleOutcome.CannotTell, reason, numbers);

    /// <summary>A number with five digits that matter.</summary>
    public static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
