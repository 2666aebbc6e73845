using Roux.Debugging.Checks.Models;
using Roux.Debugging.Checks.Pipelines;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Learning.Data;

namespace Roux.Debugging.Checks;

/// <summary>All checks of Roux, those further up the way of the data first.</summary>
public static class CheckCatalog
{
    /// <summary>What findings about one subject explain of findings about another: a leaky column is why a feature dominates the model, drift is why trees extrapolate.</summary>
    private static readonly Dictionary<string, string[]> Across = new(StringComparer.Ordinal)
    {
        ["suspected-leak"] = ["feature-dominates", "ignored-columns", "separable-classes", "tree-depth", "not-linear"],
        ["duplicates-across-splits"] = ["overfit-gap"],
        ["domain-drift"] = ["extrapolation"],
        ["column-drift"] = ["extrapolation"],
        ["tiny-classes"] = ["prediction-collapse"],
        ["duplicated-rows"] = ["dependent-rows"],
        ["learns-from-nothing"] = ["overfit-gap"],
        ["labels-misaligned"] = ["worse-than-baseline", "prediction-collapse", "high-bias"],
        ["saved-model-differs"] = ["train-serve-skew"],
    };

    /// <summary>Every check.</summary>
    public static IReadOnlyList<CheckCard> All { get; } =
    [
        .. Cards(TableChecks.All),
        .. Cards(InputChecks.All),
        .. Cards(ServingChecks.All),
        .. Cards(ProcedureChecks.All),
        .. Cards(TrainingChecks.All),
        .. Cards(ModelChecks.All),
        .. Cards(RepeatChecks.All),
        .. Cards(DeploymentChecks.All),
        .. Cards(LearnerChecks.All),
        .. Cards(StudyChecks.All),
    ];

    /// <summary>Names that findings may have: those of the checks, and of what tells about them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(card => card.Name), CheckRunner.Failed, Suppressions.Expired];

    /// <summary>The cards of some checks, with what they explain of other subjects.</summary>
    public static IEnumerable<CheckCard> Cards<TSubject>(IEnumerable<Check<TSubject>> checks) => checks.Select(check =>
    {
        var card = CheckCard.Of(check);
        return Across.TryGetValue(card.Name, out var more) ? card with { Explains = [.. card.Explains, .. more] } : card;
    });

    /// <summary>Reads <c>CHECK.THRESHOLD=VALUE</c>.</summary>
    /// <param name="option">The option that it was given to, for errors.</param>
    /// <param name="texts">What was given.</param>
    /// <exception cref="DataException">No such check or threshold, or no number; the message says what there is.</exception>
    public static IReadOnlyDictionary<string, double> Set(string option, IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var set = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.LastIndexOf('=');
            var dot = equals < 0 ? -1 : text.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || dot > equals || !double.TryParse(text[(equals + 1)..], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                throw new DataException($"{option} '{text}': give CHECK.THRESHOLD=NUMBER, such as {Example}; roux debug --list tells all");
            }

            var (check, name) = (text[..dot], text[(dot + 1)..equals]);
            var cards = All.Where(card => card.Name == check).ToArray();
            var thresholds = cards.SelectMany(card => card.Thresholds).Select(threshold => threshold.Name).Distinct(StringComparer.Ordinal).ToArray();
            set[text[..equals]] = cards.Length == 0 ? throw new DataException(NearestName.Message(option, check, "check", [.. All.Select(card => card.Name).Distinct(StringComparer.Ordinal)]))
                : thresholds.Contains(name) ? value : throw new DataException(thresholds.Length == 0 ? $"{option} '{text}': {check} has no threshold" : NearestName.Message(option, name, "threshold", thresholds));
        }

        return set;
    }

    private static string Example => All.SelectMany(card => card.Thresholds.Select(threshold => FormattableString.Invariant($"{card.Name}.{threshold.Name}={threshold.Default}"))).FirstOrDefault() ?? "";
}
