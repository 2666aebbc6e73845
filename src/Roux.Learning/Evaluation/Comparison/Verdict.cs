using System.Globalization;

namespace Roux.Learning.Evaluation;

/// <summary>Says in plain words what a comparison found.</summary>
internal static class Verdict
{
    /// <param name="candidates">At least one, the best first.</param>
    /// <param name="recommended">The one among them that is recommended.</param>
    /// <param name="scoreName">What the scores are called; may be empty.</param>
    /// <param name="alpha">Level of significance.</param>
    public static string Of(IReadOnlyList<ComparedCandidate> candidates, ComparedCandidate recommended, string scoreName, double alpha)
    {
        var best = candidates[0];
        var sentences = new List<string>();
        var score = $"{Score(best)}{(scoreName.Length == 0 ? "" : " ")}{scoreName}";
        var usable = candidates.Where(candidate => candidate.FailedFolds == 0 || candidate == best).ToArray();
        if (usable.Length == 1)
        {
            sentences.Add($"{best.Name} scores {score}{(candidates.Count == 1 ? "; there was nothing to compare it with" : "")}.");
        }
        else if (best.IsBaseline)
        {
            sentences.Add($"Nothing beats the baseline {best.Name} ({score}): the features do not carry signal for this target or there is too little data.");
        }
        else if (recommended.IsBaseline)
        {
            sentences.Add($"{best.Name} is best ({score}), but not reliably better than the baseline {recommended.Name} ({Difference(best, recommended)}): the features carry little signal for this target or there is too little data.");
        }
        else if (recommended.Name != best.Name)
        {
            sentences.Add($"{best.Name} is best ({score}).");
            sentences.Add(recommended.Gap == 0
                ? $"{recommended.Name} is simpler and scores the same: prefer it."
                : $"{recommended.Name} is simpler and not significantly worse ({Difference(best, recommended)}): prefer it unless that difference pays for itself.");
        }
        else
        {
            sentences.Add($"{best.Name} is best ({score}){Beyond(candidates, alpha)}.");
        }

        var failed = candidates.Where(candidate => candidate.FailedFolds > 0).Select(candidate =>
            string.Create(CultureInfo.InvariantCulture, $"{candidate.Name} ({candidate.FailedFolds})")).ToArray();
        if (failed.Length > 0)
        {
            sentences.Add($"Folds without a score: {string.Join(", ", failed)}.");
        }

        return string.Join(' ', sentences);
    }

    /// <summary>A number with the decimals that its uncertainty calls for.</summary>
    internal static string Number(double value, double error)
    {
        if (!double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var scale = double.IsFinite(error) && error > 0 ? error : Math.Abs(value) / 100;
        if (Math.Abs(value) >= 1e7 || scale <= 0)
        {
            return value.ToString("G4", CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(scale)), 0, 6);
        return value.ToString($"F{Math.Max(decimals, Math.Abs(value) < 10 ? 3 : 0)}", CultureInfo.InvariantCulture);
    }

    private static string Score(ComparedCandidate candidate) => double.IsFinite(candidate.StandardError)
        ? $"{Number(candidate.Mean.Estimate, candidate.StandardError)} ± {Number(candidate.StandardError, candidate.StandardError)}"
        : Number(candidate.Mean.Estimate, double.NaN);

    private static string Difference(ComparedCandidate best, ComparedCandidate other)
    {
        var p = double.IsNaN(other.AdjustedPValue) ? "" : $", p = {Probability(other.AdjustedPValue)}";
        return $"Δ {Number(other.Gap, best.StandardError)}{p}";
    }

    private static string Probability(double p) =>
        p < 0.001 ? "less than 0.001" : p.ToString(p < 0.01 ? "F3" : "F2", CultureInfo.InvariantCulture);

    /// <summary>Why nothing simpler is recommended.</summary>
    private static string Beyond(IReadOnlyList<ComparedCandidate> candidates, double alpha)
    {
        var simpler = candidates.Skip(1).Where(candidate => candidate.Complexity < candidates[0].Complexity && candidate.FailedFolds == 0).ToArray();
        if (simpler.Length == 0)
        {
            return " and the simplest";
        }

        if (double.IsNaN(candidates[0].StandardError))
        {
            return "; one fold cannot tell whether the difference is more than chance";
        }

        var closest = simpler[0];
        var significant = closest.AdjustedPValue < alpha;
        return significant
            ? $"; the closest simpler candidate, {closest.Name}, is significantly worse ({Difference(candidates[0], closest)})"
            : $"; the closest simpler candidate, {closest.Name}, is more than one standard error behind ({Difference(candidates[0], closest)})";
    }
}
