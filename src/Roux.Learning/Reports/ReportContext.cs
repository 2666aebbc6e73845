using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners;

namespace Roux.Learning.Reports;

/// <summary>A result with what several sections ask of it.</summary>
internal sealed class ReportContext
{
    public ReportContext(DevelopResult result, ReportEnvironment environment)
    {
        Result = result;
        Environment = environment;
        TargetName = result.Options.Target;
        DataName = Path.GetFileName(result.Options.DataPath);
        Final = result.Test.Intervals.TryGetValue(result.Metric.Name, out var final) ? final
            : new Interval(result.Test.Metrics.GetValueOrDefault(result.Metric.Name, double.NaN), double.NaN, double.NaN, "none");
        Baseline = result.Leaderboard.FirstOrDefault(row => IsBaseline(row.Result));
        var models = result.Leaderboard.Where(row => !IsBaseline(row.Result)).ToArray();
        var shown = (models.Length > 0 ? models : [.. result.Leaderboard]).Select(row => row.Interval).Append(result.CrossValidated).Append(Final).ToArray();
        Score = new ScoreFormat(shown.Select(interval => (interval.High - interval.Low) / 2), shown.Select(interval => interval.Estimate));
        Alternative = FindAlternative();
        var inputs = result.Columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant)).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        Shuffled = [.. result.PermutationImportance.Where(importance => inputs.Contains(importance.Column))];
    }

    public DevelopResult Result { get; }

    public ReportEnvironment Environment { get; }

    public string TargetName { get; }

    public string DataName { get; }

    public Metric Metric => Result.Metric;

    /// <summary>Writes scores of the headline metric.</summary>
    public ScoreFormat Score { get; }

    /// <summary>The winner's final score.</summary>
    public Interval Final { get; }

    /// <summary>The best baseline; <c>null</c> when none was scored.</summary>
    public LeaderboardRow? Baseline { get; }

    /// <summary>The winner's row; <c>null</c> where the leaderboard shows another result of its learner.</summary>
    public LeaderboardRow? WinnerRow => Result.Leaderboard.FirstOrDefault(row => row.Result.Name == Result.Winner.Name);

    /// <summary>What the winner is best weighed against: the simpler candidate that is as good, the closest simpler one, or the best where a simpler one was preferred.</summary>
    public LeaderboardRow? Alternative { get; }

    /// <summary>Importance by shuffling of the columns that the winner may use, the most important first.</summary>
    public IReadOnlyList<ColumnImportance> Shuffled { get; }

    /// <summary>How much better <paramref name="a"/> is than <paramref name="b"/>; negative for worse.</summary>
    public double Gain(double a, double b) => Metric.HigherIsBetter ? a - b : b - a;

    public static bool IsBaseline(CandidateResult result) => Search.IsBaseline(result);

    public static LearnerCard? Card(CandidateResult result) => result.Candidate?.Learner.Card;

    /// <summary>An interval in words: <c>0.90 to 0.93</c>.</summary>
    public string Range(Interval interval) => double.IsNaN(interval.Low) || double.IsNaN(interval.High)
        ? "no interval" : $"{Score.Of(interval.Low)} to {Score.Of(interval.High)}";

    private LeaderboardRow? FindAlternative()
    {
        var others = Result.Leaderboard.Where(row => row.Result.Name != Result.Winner.Name).ToArray();
        if (Result.Comparison.Recommended is { } recommended && recommended != Result.Winner.Name
            && others.FirstOrDefault(row => row.Result.Name == recommended) is { } simplest)
        {
            return simplest;
        }

        if (Result.Comparison.Best is { } best && best != Result.Winner.Name && others.FirstOrDefault(row => row.Result.Name == best) is { } leader)
        {
            return leader;
        }

        return others.Where(row => row.Result.Complexity < Result.Winner.Complexity && !IsBaseline(row.Result))
            .MaxBy(row => Metric.HigherIsBetter ? row.Result.Mean : -row.Result.Mean);
    }
}
