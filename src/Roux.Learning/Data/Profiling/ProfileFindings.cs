using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data.Reading;
using Roux.Learning.Data.Roles;
using Roux.Tracking;

namespace Roux.Learning.Data.Profiling;

/// <summary>Says what is remarkable about a profiled table. Each rule is one method; a rule that concerns many columns gives one finding.</summary>
internal static class ProfileFindings
{
    /// <summary>Skill from which a single column is taken for the answer in other words.</summary>
    private const double LeakSkill = 0.98, SuspectSkill = 0.95, LeakSkillOfNumbers = 0.995, SuspectSkillOfNumbers = 0.98;

    private const int MostNamed = 8;

    public static IReadOnlyList<Finding> Of(DataProfile profile, Table table, Target? target)
    {
        var findings = new List<Finding>();
        Leaks(profile, target, findings);
        Duplicates(profile, findings);
        Conflicts(profile, findings);
        TargetMissing(profile, findings);
        Imbalance(target, findings);
        Missing(profile, findings);
        Constants(profile, findings);
        Ids(profile, findings);
        Extremes(profile, findings);
        HighCardinality(profile, findings);
        Redundant(profile, findings);
        Spellings(profile, table, findings);
        return [.. findings.OrderByDescending(finding => finding.Severity)];
    }

    private static void Leaks(DataProfile profile, Target? target, List<Finding> findings)
    {
        if (target is null)
        {
            return;
        }

        var (leak, suspect) = target.Task == TaskKind.Regression ? (LeakSkillOfNumbers, SuspectSkillOfNumbers) : (LeakSkill, SuspectSkill);
        foreach (var column in profile.Columns.Where(column => column.Target?.Skill >= suspect && column.Role is not ColumnRole.Id).OrderByDescending(column => column.Target!.Skill))
        {
            var skill = column.Target!.Skill;
            var share = (skill * 100).ToString("0.0", CultureInfo.InvariantCulture);
            findings.Add(new Finding("suspected-leak", skill >= leak ? Severity.High : Severity.Medium, $"'{column.Name}' alone {(skill >= 1 ? "determines the target" : $"explains {share}% of the target")}: it may be the answer in other words")
            {
                Columns = [column.Name],
                Evidence = new JsonObject { ["skill"] = skill, [column.Target.Measure] = column.Target.Value },
                Cause = "The column was filled in with or after the answer, or is derived from it, so it will not be known when predictions are needed.",
                Fix = $"Ask whether '{column.Name}' is known before the answer is; if not, leave it out (--drop \"{column.Name}\").",
                Verify = "Score again without the column: if the score falls to a believable one, it was a leak.",
            });
        }
    }

    private static void Duplicates(DataProfile profile, List<Finding> findings)
    {
        if (profile.DuplicateRows == 0)
        {
            return;
        }

        // Rows of a few levels repeat by chance; rows with a measured quantity hardly do.
        var measured = profile.Columns.Any(column => column.Role == ColumnRole.Numeric && column.Distinct >= 100);
        var share = (double)profile.DuplicateRows / profile.Rows;
        findings.Add(new Finding("duplicated-rows", measured && share >= 0.01 ? Severity.Medium : Severity.Low,
            $"{ColumnFinisher.Count(profile.DuplicateRows, "row")} ({Percent(share)}) {(profile.DuplicateRows == 1 ? "repeats" : "repeat")} an earlier row in full")
        {
            Evidence = new JsonObject { ["duplicate_rows"] = profile.DuplicateRows, ["rows"] = profile.Rows, ["share"] = share },
            Cause = "The same thing was recorded twice, files were joined with overlap, or few columns with few values describe each row.",
            Fix = "If one row stands for one thing, keep one of each; if they are different things, keep them, and split by a group column where the same thing comes back.",
            Verify = "Score again without the repeats: a score that falls was helped by rows that were both learned and tested.",
        });
    }

    private static void Conflicts(DataProfile profile, List<Finding> findings)
    {
        if (profile.ConflictingRows == 0)
        {
            return;
        }

        var share = (double)profile.ConflictingRows / profile.Rows;
        findings.Add(new Finding("conflicting-labels", share >= 0.05 ? Severity.Medium : Severity.Low,
            $"{ColumnFinisher.Count(profile.ConflictingRows, "row")} ({Percent(share)}) equal another row in every feature but have another answer")
        {
            Evidence = new JsonObject { ["conflicting_rows"] = profile.ConflictingRows, ["share"] = share },
            Cause = "Labels are wrong in places, or what tells these rows apart is not among the columns.",
            Fix = "Look at some of them; correct the labels or add the column that tells them apart.",
            Verify = "No model can get all of these rows right: count them again after the correction.",
        });
    }

    private static void TargetMissing(DataProfile profile, List<Finding> findings)
    {
        foreach (var column in profile.Columns.Where(column => column.Role == ColumnRole.Target && column.Missing > 0))
        {
            var share = (double)column.Missing / profile.Rows;
            findings.Add(new Finding("missing-target", share > 0.2 ? Severity.Medium : Severity.Low, $"{ColumnFinisher.Count(column.Missing, "row")} ({Percent(share)}) have no answer in '{column.Name}' and cannot be learned from")
            {
                Columns = [column.Name],
                Evidence = new JsonObject { ["missing"] = column.Missing, ["share"] = share },
                Cause = "The answer is not known yet, or was not recorded.",
                Fix = "Check that the rows without an answer are not of a special kind: a model learned from the others says nothing of such rows.",
                Verify = "Compare the columns of rows with and without an answer.",
            });
        }
    }

    private static void Imbalance(Target? target, List<Finding> findings)
    {
        if (target is null || target.Task is TaskKind.Regression or TaskKind.Multilabel || target.Count == 0)
        {
            return;
        }

        var counts = new int[target.Classes.Length];
        foreach (var label in target.Labels)
        {
            counts[label]++;
        }

        var most = counts.Max();
        var rare = Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0 && (counts[k] < 10 || counts[k] * 20 < most)).OrderBy(k => counts[k]).ToArray();
        if (rare.Length == 0)
        {
            return;
        }

        var evidence = new JsonObject();
        foreach (var k in rare.Take(MostNamed))
        {
            evidence[target.Classes[k]] = counts[k];
        }

        findings.Add(new Finding("class-imbalance", counts[rare[0]] < 10 || counts[rare[0]] * 100 < most ? Severity.Medium : Severity.Low,
            $"{(rare.Length == 1 ? "A class is" : $"{rare.Length} classes are")} rare: {Named(rare.Select(k => $"{target.Classes[k]} ({counts[k].ToString("N0", CultureInfo.InvariantCulture)})"))}; the largest has {most.ToString("N0", CultureInfo.InvariantCulture)} rows")
        {
            Evidence = evidence,
            Cause = "Some answers are rare in what was recorded.",
            Fix = "Judge by a metric that counts every class (macro F1, average precision), weight the classes, or gather more rows of the rare ones.",
            Verify = "Look at the rare classes' recall, not at accuracy.",
        });
    }

    private static void Missing(DataProfile profile, List<Finding> findings)
    {
        var columns = profile.Columns.Where(column => column.Missing * 2 > profile.Rows && column.Distinct > 0 && column.Role is not (ColumnRole.Target or ColumnRole.Ignore)).OrderByDescending(column => column.Missing).ToArray();
        Add(findings, columns, "mostly-missing", Severity.Low, column => (double)column.Missing / profile.Rows,
            named => $"More than half of the values are missing in {named}",
            "The value was not recorded, or does not apply to most rows.",
            "If it is missing for a reason that tells something, keep it (that it is missing is a feature of its own); else drop it.",
            "Score with and without these columns.");
    }

    private static void Constants(DataProfile profile, List<Finding> findings)
    {
        var columns = profile.Columns.Where(column => column.Role == ColumnRole.Constant).ToArray();
        Add(findings, columns, "constant-columns", Severity.Low, column => column.Distinct,
            named => $"One value, or none, throughout in {named}: left out",
            "The column does not vary in these rows: a filter upstream, a default never changed, or a broken join.",
            "Nothing, unless it ought to vary: then look at where it comes from.",
            "Count its distinct values at the source.");
    }

    private static void Ids(DataProfile profile, List<Finding> findings)
    {
        var columns = profile.Columns.Where(column => column.Role == ColumnRole.Id).ToArray();
        Add(findings, columns, "id-like-columns", Severity.Info, column => column.Distinct,
            named => $"Names rows and tells nothing about others, hence left out: {named}",
            "Every row has its own value.",
            "If it carries meaning after all, give it a role (--column NAME=ROLE); if rows of one thing come back under it, split by it (--group).",
            "");
    }

    private static void Extremes(DataProfile profile, List<Finding> findings)
    {
        var columns = profile.Columns.Where(column => column.Role is ColumnRole.Numeric or ColumnRole.Target && column.Numbers is { } numbers && Reach(numbers) > 10)
            .OrderByDescending(column => Reach(column.Numbers!)).ToArray();
        Add(findings, columns, "extreme-values", Severity.Low, column => Reach(column.Numbers!),
            named => $"Values lie more than ten interquartile ranges outside the quartiles in {named}",
            "Errors of entry, codes such as 999 for 'unknown', other units, or a long tail (amounts, counts).",
            "Look at the largest and smallest values: correct errors, make codes missing; leave a true long tail, which trees take as it is and linear models better as a logarithm.",
            "Look at the histograms again.");
    }

    /// <summary>How many interquartile ranges the farthest value lies outside the quartiles; 0 where at least half of the values are equal.</summary>
    private static double Reach(NumberSummary numbers)
    {
        var range = numbers.Q75 - numbers.Q25;
        return range > 0 ? Math.Min(double.MaxValue, Math.Max(numbers.Q25 - numbers.Min, numbers.Max - numbers.Q75) / range) : 0;
    }

    private static void HighCardinality(DataProfile profile, List<Finding> findings)
    {
        var columns = profile.Columns.Where(column => column.Role == ColumnRole.Categorical && column.Distinct > 50).OrderByDescending(column => column.Distinct).ToArray();
        Add(findings, columns, "high-cardinality", Severity.Info, column => column.Distinct,
            named => $"Many levels: {named}; rare ones are folded together or replaced by target means",
            "The column names things (people, places, products) rather than kinds.",
            "Where levels belong to kinds, add the kind as a column.",
            "");
    }

    private static void Redundant(DataProfile profile, List<Finding> findings)
    {
        if (profile.Correlations is not { } matrix)
        {
            return;
        }

        var targets = profile.Columns.Where(column => column.Role == ColumnRole.Target).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var pairs = new List<(string A, string B, double R)>();
        for (var i = 0; i < matrix.Names.Length; i++)
        {
            for (var j = i + 1; j < matrix.Names.Length; j++)
            {
                if (Math.Abs(matrix.Pearson[i][j]) >= 0.98 && !targets.Contains(matrix.Names[i]) && !targets.Contains(matrix.Names[j]))
                {
                    pairs.Add((matrix.Names[i], matrix.Names[j], matrix.Pearson[i][j]));
                }
            }
        }

        if (pairs.Count == 0)
        {
            return;
        }

        var ordered = pairs.OrderByDescending(pair => Math.Abs(pair.R)).ToArray();
        findings.Add(new Finding("redundant-columns", Severity.Info, $"{(pairs.Count == 1 ? "Two columns say" : $"{pairs.Count} pairs of columns say")} nearly the same: {Named(ordered.Select(pair => $"{pair.A} and {pair.B}"))}")
        {
            Columns = [.. ordered.SelectMany(pair => new[] { pair.A, pair.B }).Distinct(StringComparer.Ordinal).Take(2 * MostNamed)],
            Evidence = new JsonObject(ordered.Take(MostNamed).Select(pair => KeyValuePair.Create($"{pair.A} ~ {pair.B}", (JsonNode?)JsonValue.Create(pair.R)))),
            Cause = "One is computed from the other, or both measure one thing.",
            Fix = "Scores hardly change; for importances and coefficients that can be read, keep one of each pair.",
            Verify = "Score without one of them.",
        });
    }

    private static void Spellings(DataProfile profile, Table table, List<Finding> findings)
    {
        var found = new List<(string Column, string[] Spellings)>();
        foreach (var column in profile.Columns.Where(column => column.Role is ColumnRole.Categorical or ColumnRole.Target && column.Distinct is > 1 and <= 5_000))
        {
            if (table[column.Name] is not TextColumn text)
            {
                continue;
            }

            var counts = LevelStatistics.Of(text).Counts;
            var twins = Enumerable.Range(0, counts.Length).Where(level => counts[level] > 0)
                .GroupBy(level => Bare(text.Levels[level]), StringComparer.Ordinal).Where(group => group.Key.Length > 0 && group.Count() > 1)
                .Select(group => group.Select(level => $"'{text.Levels[level]}'").ToArray()).ToArray();
            if (twins.Length > 0)
            {
                found.Add((column.Name, twins[0]));
            }
        }

        if (found.Count > 0)
        {
            findings.Add(new Finding("inconsistent-spelling", Severity.Low, $"Levels differ only in case, blanks or hyphens: {Named(found.Select(pair => $"{pair.Column} ({string.Join(", ", pair.Spellings.Take(3))})"))}")
            {
                Columns = [.. found.Select(pair => pair.Column)],
                Cause = "The values were typed in by hand or come from several sources.",
                Fix = "Give each level one spelling.",
                Verify = "Count the distinct levels again.",
            });
        }
    }

    /// <summary>A level without case, blanks, hyphens and underscores. Digits keep their hyphens (1-2 is not 12), and signs stay (a&lt;b is not a&gt;b).</summary>
    private static string Bare(string level)
    {
        var digits = level.Any(char.IsDigit);
        return string.Concat(level.Where(letter => !char.IsWhiteSpace(letter) && (digits || letter is not ('-' or '_')))).TrimEnd('.').ToUpperInvariant();
    }

    private static void Add(List<Finding> findings, ColumnProfile[] columns, string check, Severity severity, Func<ColumnProfile, double> figure, Func<string, string> message, string cause, string fix, string verify)
    {
        if (columns.Length == 0)
        {
            return;
        }

        findings.Add(new Finding(check, severity, message(Named(columns.Select(column => $"'{column.Name}'"))))
        {
            Columns = [.. columns.Select(column => column.Name)],
            Evidence = new JsonObject(columns.Take(MostNamed).Select(column => KeyValuePair.Create(column.Name, (JsonNode?)JsonValue.Create(figure(column))))),
            Cause = cause,
            Fix = fix,
            Verify = verify,
        });
    }

    private static string Named(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(MostNamed)) + (all.Length > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {all.Length - MostNamed:N0} more") : "");
    }

    private static string Percent(double share) => (share * 100).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + "%";
}
