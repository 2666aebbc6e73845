using System.Globalization;
using System.Text.RegularExpressions;
using Roux.Learning.Evaluation.Stored;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Components.Comparing;

/// <summary>
/// Finds the scores of folds that runs recorded: as steps of a metric whose mean is there as <c>cv_METRIC</c>, as <c>roux develop</c> and <c>roux baseline</c> do, or as
/// child runs that a param, a tag or the name numbers as folds.
/// </summary>
internal sealed partial class FoldReader(TrackingService service)
{
    private const int MostFolds = 200;

    /// <summary>Scores of folds by metric, of each run that has some.</summary>
    public IReadOnlyDictionary<string, List<FoldScores>> Read(IReadOnlyList<RunRecord> runs)
    {
        var found = new Dictionary<string, List<FoldScores>>(StringComparer.Ordinal);
        var parents = new Dictionary<string, RunRecord?>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            var parent = run.ParentId is not { } id ? null : parents.TryGetValue(id, out var known) ? known : parents[id] = Find(id);
            foreach (var (metric, scores) in OfSteps(run).Concat(OfWinner(run)).Concat(OfChildren(run)).DistinctBy(one => one.Metric))
            {
                if (!found.TryGetValue(metric, out var list))
                {
                    found[metric] = list = [];
                }

                list.Add(new FoldScores(run.Id, run.Name, scores, TagOf(run, parent, FoldRows.DigestTag), DataOf(run, parent), RatioOf(run, parent, scores.Count)));
            }
        }

        return found;
    }

    private IEnumerable<(string Metric, IReadOnlyDictionary<long, double> Scores)> OfSteps(RunRecord run)
    {
        foreach (var metric in run.Metrics.Keys.Where(key => run.Metrics.ContainsKey("cv_" + key)))
        {
            var series = service.Metrics.History(run.Id, metric);
            if (series.Count is >= 2 and <= MostFolds)
            {
                var scores = new Dictionary<long, double>();
                for (var index = 0; index < series.Count; index++)
                {
                    scores[series.Steps[index]] = series.Values[index];
                }

                if (scores.Count >= 2)
                {
                    yield return (metric, scores);
                }
            }
        }
    }

    /// <summary>A development is as good as the candidate that won it.</summary>
    private IEnumerable<(string Metric, IReadOnlyDictionary<long, double> Scores)> OfWinner(RunRecord run) =>
        run.Tags.TryGetValue("roux.winner", out var winner)
            ? service.Tracker.SearchRuns(new RunQuery { Filter = $"parent_run_id = {FilterCompletion.Quote(run.Id)} AND run_name = {FilterCompletion.Quote(winner)}", MaxResults = 1 }).SelectMany(OfSteps)
            : [];

    private IEnumerable<(string Metric, IReadOnlyDictionary<long, double> Scores)> OfChildren(RunRecord run)
    {
        var children = service.Tracker.SearchRuns(new RunQuery { Filter = $"parent_run_id = {FilterCompletion.Quote(run.Id)}", MaxResults = MostFolds + 1 });
        var folds = children.Select(child => (Fold: FoldOf(child), Child: child)).Where(one => one.Fold is not null).GroupBy(one => one.Fold!.Value).ToDictionary(group => group.Key, group => group.First().Child);
        if (children.Count > MostFolds || folds.Count < 2)
        {
            yield break;
        }

        foreach (var metric in folds.Values.First().Metrics.Keys.Where(key => !Runs.UsualColumns.IsCaptured(key) && folds.Values.All(child => child.Metrics.ContainsKey(key))))
        {
            yield return (metric, folds.ToDictionary(pair => pair.Key, pair => pair.Value.Metrics[metric].Value));
        }
    }

    private static long? FoldOf(RunRecord run)
    {
        var text = run.Params.GetValueOrDefault("fold") ?? run.Tags.GetValueOrDefault("fold") ?? (FoldName().Match(run.Name) is { Success: true } match ? match.Groups[1].Value : null);
        return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var fold) ? fold : null;
    }

    private RunRecord? Find(string id)
    {
        try
        {
            return service.Runs.Get(id);
        }
        catch (ServiceException)
        {
            return null;
        }
    }

    private static string TagOf(RunRecord run, RunRecord? parent, string tag) => run.Tags.GetValueOrDefault(tag) ?? parent?.Tags.GetValueOrDefault(tag) ?? "";

    private static string DataOf(RunRecord run, RunRecord? parent) => string.Join(',', (run.Datasets.Count > 0 ? run.Datasets : parent?.Datasets ?? []).Select(input => input.Dataset.Digest).Distinct().Order(StringComparer.Ordinal));

    /// <summary>As recorded, else that of as many equal parts.</summary>
    private static double RatioOf(RunRecord run, RunRecord? parent, int folds) =>
        double.TryParse(TagOf(run, parent, FoldRows.RatioTag), NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is > 0 and < 100 ? ratio : 1.0 / (folds - 1);

    [GeneratedRegex(@"fold[\s_\-#]*(\d{1,4})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FoldName();
}
