using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Pipelines;
using Roux.Tracking;

namespace Roux.Learning.Gates;

/// <summary>A model beside the one that it is to replace, on the same labelled rows.</summary>
public sealed record ChampionComparison
{
    /// <summary>The metric compared by.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Rows scored by both.</summary>
    public required int Rows { get; init; }

    /// <summary>Score of the candidate.</summary>
    public required double Candidate { get; init; }

    /// <summary>Score of the champion.</summary>
    public required double Champion { get; init; }

    /// <summary>Gain of the candidate, positive where it is better, with the interval whose ends are the bounds of the one-sided test.</summary>
    public required Interval Gain { get; init; }

    /// <summary>Rows that only the candidate gets right, and only the champion; <c>null</c> where rows are not right or wrong.</summary>
    public (int Candidate, int Champion)? OnlyRight { get; init; }

    /// <summary>Level of the one-sided test.</summary>
    public required double Alpha { get; init; }

    /// <summary>Scores two models and compares them.</summary>
    /// <param name="candidate">The model.</param>
    /// <param name="champion">The model that it is to replace: of the same task and classes.</param>
    /// <param name="table">The rows; those whose answer the models do not know are left out.</param>
    /// <param name="rule">What to compare by.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">The models answer different questions, a column is absent, or no row can be scored.</exception>
    /// <exception cref="ArgumentException">There is no such metric, or it is not one for the task.</exception>
    public static ChampionComparison Of(Pipeline candidate, Pipeline champion, Table table, ChampionDataRule rule, int seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(champion);
        ArgumentNullException.ThrowIfNull(rule);
        if (candidate.Task != champion.Task || !candidate.Classes.SequenceEqual(champion.Classes))
        {
            throw new DataException($"the models answer different questions: {candidate.Task} of {Names(candidate)}, {champion.Task} of {Names(champion)}");
        }

        var metric = rule.Metric is { } name ? Metrics.Find(name) : Metrics.Default(candidate.Task);
        var (answers, rows) = LabelledRows.Of(table, rule.Target ?? candidate.TargetColumn, candidate);
        var scored = table.Take(rows);
        var (ours, theirs) = (candidate.Predict(scored, cancellation), champion.Predict(scored, cancellation));
        return new ChampionComparison
        {
            Metric = metric,
            Rows = rows.Length,
            Candidate = metric.Compute(answers, ours),
            Champion = metric.Compute(answers, theirs),
            Gain = PairedDifference.Gain(metric, answers, ours, theirs, 1 - 2 * rule.Alpha, seed, cancellation: cancellation),
            OnlyRight = candidate.Task is TaskKind.Binary or TaskKind.Multiclass ? Count(answers, ours.Labels(), theirs.Labels()) : null,
            Alpha = rule.Alpha,
        };
    }

    /// <summary>
    /// The verdict of a rule. Accuracy without a margin is judged by McNemar's exact test, everything else by the paired BCa bootstrap; both one-sided.
    /// </summary>
    public Judgement Judge(ChampionDataRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (double.IsNaN(Gain.Low) || double.IsNaN(Gain.High))
        {
            return Judgement.Unknown($"{Metric.Name} has no interval on these rows: {Gain.Method}", Numbers(rule, null));
        }

        var scores = string.Create(CultureInfo.InvariantCulture, $"{Metric.Name} {Candidate:0.####} against {Champion:0.####} on {Rows:N0} rows");
        if (rule.NotInferior)
        {
            return Judgement.Of(Gain.Low >= -rule.Margin, $"{scores}; {Bounds}, which must not reach below {Judgement.Text(0 - rule.Margin)}", Numbers(rule, null));
        }

        if (Metric.Name == "accuracy" && rule.Margin == 0 && OnlyRight is { } right)
        {
            var p = right.Candidate < right.Champion ? PairedTests.McNemar(right.Candidate, right.Champion).PValue / 2 : 1;
            return Judgement.Of(p >= Alpha, string.Create(CultureInfo.InvariantCulture,
                $"{scores}; {right.Candidate:N0} rows only it gets right, {right.Champion:N0} only the champion: McNemar p {p:0.####}, level {Alpha}"), Numbers(rule, p));
        }

        return Judgement.Of(Gain.High >= -rule.Margin, $"{scores}; {Bounds}, which must reach {Judgement.Text(0 - rule.Margin)}", Numbers(rule, null));
    }

    private string Bounds => string.Create(CultureInfo.InvariantCulture, $"gain {Gain.Estimate:0.####} [{Gain.Low:0.####}, {Gain.High:0.####}], paired {Gain.Method}");

    private JsonObject Numbers(ChampionDataRule rule, double? p) => new()
    {
        ["metric"] = Metric.Name,
        ["rows"] = Rows,
        ["value"] = Finite(Candidate),
        ["champion_value"] = Finite(Champion),
        ["gain"] = Finite(Gain.Estimate),
        ["gain_low"] = Finite(Gain.Low),
        ["gain_high"] = Finite(Gain.High),
        ["confidence"] = 1 - 2 * Alpha,
        ["margin"] = rule.Margin,
        ["only_candidate_right"] = OnlyRight?.Candidate,
        ["only_champion_right"] = OnlyRight?.Champion,
        ["p_value"] = p,
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Names(Pipeline pipeline) => pipeline.Classes.Length == 0 ? pipeline.TargetColumn : string.Join(", ", pipeline.Classes.Take(10));

    private static (int Candidate, int Champion) Count(Target answers, int[] ours, int[] theirs)
    {
        var (candidate, champion) = (0, 0);
        for (var row = 0; row < ours.Length; row++)
        {
            candidate += ours[row] == answers.Labels[row] && theirs[row] != answers.Labels[row] ? 1 : 0;
            champion += ours[row] != answers.Labels[row] && theirs[row] == answers.Labels[row] ? 1 : 0;
        }

        return (candidate, champion);
    }
}
