using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Learners.Rules;

namespace Roux.Learning.AutoML;

/// <summary>What each rule of a list does on rows with known answers: coverage, precision, overlaps and conflicts. Rules are fixed, so all rows with an answer may tell.</summary>
public sealed record RuleAudit
{
    private const int MostConflicts = 50;

    /// <summary>Rows looked at.</summary>
    public required int Rows { get; init; }

    /// <summary>Whether answers are numbers, so that errors are told in place of precision.</summary>
    public required bool IsRegression { get; init; }

    /// <summary>The rules in order, the else last.</summary>
    public required IReadOnlyList<RuleFacts> Rules { get; init; }

    /// <summary>Rows that two rules or more match, the else not counted.</summary>
    public required int Overlapping { get; init; }

    /// <summary>Rows matched by rules with different answers.</summary>
    public required int Conflicting { get; init; }

    /// <summary>Pairs of rules that disagree on rows that both match, the most rows first, fifty at most.</summary>
    public required IReadOnlyList<RuleConflict> Conflicts { get; init; }

    /// <summary>Share of rows that no condition matches and the else answers, 0 to 1.</summary>
    public double DefaultShare => Rows == 0 ? 0 : (double)Rules[^1].Decides / Rows;

    internal static RuleAudit? Of(EvidenceContext context) => context.Options.RulesPath is { } path
        ? Of(RuleSet.Load(path), context.Inputs.Development, context.Inputs.DevelopmentTarget, CancellationToken.None)
        : null;

    /// <summary>Looks at rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="table">Rows.</param>
    /// <param name="target">Their answers: classes or numbers.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="RuleException">A condition fails on the table, or an answer is none of the target's.</exception>
    public static RuleAudit Of(RuleSet rules, Table table, Target target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(target);
        var answers = rules.Answers(target.Task, target.Classes);
        var holds = rules.Holds(table, cancellation);
        var decided = Decided(holds, table.RowCount);
        var facts = new RuleFacts[holds.Length];
        for (var rule = 0; rule < holds.Length; rule++)
        {
            facts[rule] = Facts(rules.Rules[rule], rule, holds, decided, answers[rule], target);
        }

        var (overlapping, conflicting, conflicts) = Conflict(holds, answers, target);
        return new RuleAudit
        {
            Rows = table.RowCount,
            IsRegression = target.Task == TaskKind.Regression,
            Rules = facts,
            Overlapping = overlapping,
            Conflicting = conflicting,
            Conflicts = conflicts,
        };
    }

    private static int[] Decided(bool[][] holds, int rows)
    {
        var decided = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            while (!holds[decided[row]][row])
            {
                decided[row]++;
            }
        }

        return decided;
    }

    private static RuleFacts Facts(Rule rule, int place, bool[][] holds, int[] decided, double answer, Target target)
    {
        var (matches, decides, correct, matchesCorrect) = (0, 0, 0, 0);
        double error = 0, sum = 0;
        var takers = new HashSet<int>();
        for (var row = 0; row < decided.Length; row++)
        {
            if (!holds[place][row])
            {
                continue;
            }

            var right = IsRight(target, row, answer);
            matches++;
            matchesCorrect += right ? 1 : 0;
            if (decided[row] != place)
            {
                takers.Add(decided[row] + 1);
                continue;
            }

            decides++;
            correct += right ? 1 : 0;
            if (target.Task == TaskKind.Regression)
            {
                error += Math.Abs(target.Values[row] - answer);
                sum += target.Values[row];
            }
        }

        var (low, high) = decides > 0 && target.Task != TaskKind.Regression ? Proportion.Wilson(correct, decides) : (double.NaN, double.NaN);
        return new RuleFacts
        {
            Number = place + 1,
            Condition = rule.Condition,
            Answer = rule.Answer,
            Matches = rule.Condition is null ? decides : matches,
            Decides = decides,
            Correct = correct,
            Precision = target.Task == TaskKind.Regression ? null : new Interval(decides > 0 ? (double)correct / decides : double.NaN, low, high, "Wilson"),
            PrecisionOfMatches = target.Task == TaskKind.Regression || matches == 0 ? double.NaN : (double)matchesCorrect / matches,
            MeanAbsoluteError = target.Task == TaskKind.Regression && decides > 0 ? error / decides : double.NaN,
            MeanOfRows = target.Task == TaskKind.Regression && decides > 0 ? sum / decides : double.NaN,
            ShadowedBy = rule.Condition is not null && matches > 0 && decides == 0 ? [.. takers.Order()] : [],
        };
    }

    private static (int Overlapping, int Conflicting, IReadOnlyList<RuleConflict> Conflicts) Conflict(bool[][] holds, double[] answers, Target target)
    {
        var (overlapping, conflicting) = (0, 0);
        var pairs = new Dictionary<(int, int), (int Rows, int Earlier, int Later)>();
        var matching = new List<int>();
        for (var row = 0; row < target.Count; row++)
        {
            matching.Clear();
            for (var rule = 0; rule < holds.Length - 1; rule++)
            {
                if (holds[rule][row])
                {
                    matching.Add(rule);
                }
            }

            overlapping += matching.Count > 1 ? 1 : 0;
            conflicting += matching.Exists(rule => answers[rule] != answers[matching[0]]) ? 1 : 0;
            foreach (var later in matching.Skip(1).Where(later => answers[later] != answers[matching[0]]))
            {
                var before = pairs.GetValueOrDefault((matching[0], later));
                pairs[(matching[0], later)] = (before.Rows + 1, before.Earlier + (IsRight(target, row, answers[matching[0]]) ? 1 : 0), before.Later + (IsRight(target, row, answers[later]) ? 1 : 0));
            }
        }

        return (overlapping, conflicting, [.. pairs.OrderByDescending(pair => pair.Value.Rows).ThenBy(pair => pair.Key)
            .Select(pair => new RuleConflict(pair.Key.Item1 + 1, pair.Key.Item2 + 1, pair.Value.Rows, pair.Value.Earlier, pair.Value.Later)).Take(MostConflicts)]);
    }

    private static bool IsRight(Target target, int row, double answer) =>
        target.Task == TaskKind.Regression ? target.Values[row] == answer : target.Labels[row] == (int)answer;
}
