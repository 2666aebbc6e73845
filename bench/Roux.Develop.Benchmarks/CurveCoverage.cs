using System.Diagnostics;
using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tuning;

/// <summary>
/// Are forecasts of learning curves honest? Per repeat: some training rows are drawn (all of them where there are few), a random half of them gives a
/// learning curve by cross-validation within that half, and the curve foretells the score of a model of all drawn rows on the test file.
/// Then that model is fitted and scored. Counted is how often the score lies in the 90% interval.
/// </summary>
internal static class CurveCoverage
{
    private static readonly CoverageSet[] Sets =
    [
        new("adult", "income", "roc_auc", null, [("logistic-regression", Configuration.Empty), ("decision-tree", Configuration.Empty), ("lightgbm", Configuration.Of(("rounds", 100)))]),
        new("diamonds", "price", "rmse", null, [("linear-regression", Configuration.Empty), ("decision-tree", Configuration.Empty), ("lightgbm", Configuration.Of(("rounds", 100)))]),
        new("digits", "target", "accuracy", TaskKind.Multiclass, [("logistic-regression", Configuration.Empty), ("decision-tree", Configuration.Empty), ("naive-bayes", Configuration.Empty)]),
    ];

    public static void Run(string root, string[] args)
    {
        var repeats = Number(args, "--repeats", 30);
        var most = Number(args, "--rows", 12_000);
        var wanted = args.Where((arg, i) => !arg.StartsWith('-') && (i == 0 || !args[i - 1].StartsWith('-'))).ToList();
        Console.WriteLine($"{"set",-9} {"learner",-20} {"rows",6} {"inside",7} {"last value",11} {"width",8} {"mean score",10} {"foretold",9} {"wall",6}");
        foreach (var set in Sets.Where(set => wanted.Count == 0 || wanted.Contains(set.Name)))
        {
            var folder = Path.Combine(root, "..", "shared", "data", set.Name);
            if (!Directory.Exists(folder))
            {
                Console.WriteLine($"{set.Name,-9} skipped: ../shared/data/{set.Name} is not there");
                continue;
            }

            Measure(set, folder, repeats, most, args.Contains("--verbose"));
        }
    }

    private static void Measure(CoverageSet set, string folder, int repeats, int most, bool verbose)
    {
        var watch = Stopwatch.StartNew();
        var train = TableReader.Read(Path.Combine(folder, "train.csv")).Table;
        var test = TableReader.Read(Path.Combine(folder, "test.csv")).Table;
        var target = TargetBuilder.Build(train, set.Target, set.Task).Target;
        var answers = TargetBuilder.Build(test, set.Target, set.Task).Target;
        var columns = ColumnRoles.Infer(train, set.Target).Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant)).ToList();
        var metric = Metrics.Find(set.Metric);
        var outcomes = set.Learners.Select(_ => new List<Outcome>()).ToArray();
        var rows = Math.Min(most, train.RowCount);
        for (var seed = 0; seed < repeats; seed++)
        {
            var drawn = rows < train.RowCount ? Splitters.Holdout(target, (double)rows / train.RowCount, 1000 + seed).Test : [.. Enumerable.Range(0, rows)];
            var (table, y) = (train.Take(drawn), target.Take(drawn));
            var half = Splitters.Holdout(y, 0.5, 2000 + seed).Test;
            var (known, knownY) = (table.Take(half), y.Take(half));
            var candidates = set.Learners.Select(entry => new Candidate(entry.Name, LearnerCatalog.Find(entry.Name)!, entry.Settings)).ToList();
            var settings = new CurveSettings { Repeats = 5, Seed = seed, Threads = Environment.ProcessorCount };
            var curves = CurveMeasurement.Measure(known, columns, knownY, Splitters.StratifiedKFold(knownY, 5, 1, seed), metric, [.. candidates.Select(CurveModel.Of)], settings);
            for (var i = 0; i < candidates.Count; i++)
            {
                var forecast = CurveForecast.Of(curves[i], seed)!;
                var interval = forecast.Score(rows, test.RowCount);
                var score = FullScore(candidates[i], table, y, test, answers, columns, metric, seed);
                outcomes[i].Add(new Outcome(score, interval, curves[i].Sizes[^1].Validation));
                if (verbose)
                {
                    var sizes = string.Join(' ', curves[i].Sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Rows:0}:{size.Validation:G4}")));
                    var forms = string.Join(' ', forecast.Forms.Select(form => string.Create(CultureInfo.InvariantCulture, $"{form.Form}={form.Share:0.00}")));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {seed,2} {candidates[i].Name,-20} {(interval.Contains(score) ? "in " : "OUT")} {score:G5} in {interval.Low:G5} {interval.Estimate:G5} {interval.High:G5}  {sizes}  {forms}"));
                }
            }
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            var list = outcomes[i];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{set.Name,-9} {set.Learners[i].Name,-20} {rows,6} {list.Count(outcome => outcome.Interval.Contains(outcome.Score)) + "/" + list.Count,7} {Miss(list, outcome => outcome.Last) / Miss(list, outcome => outcome.Interval.Estimate),10:0.0}x {list.Average(outcome => outcome.Interval.High - outcome.Interval.Low),8:G3} {list.Average(outcome => outcome.Score),10:G5} {list.Average(outcome => outcome.Interval.Estimate),9:G5} {watch.Elapsed.TotalSeconds,5:0}s"));
        }
    }

    private static double Miss(List<Outcome> outcomes, Func<Outcome, double> guess) => Math.Sqrt(outcomes.Average(outcome => Math.Pow(guess(outcome) - outcome.Score, 2)));

    private static double FullScore(Candidate candidate, Table table, Target y, Table test, Target answers, List<ColumnSpec> columns, Metric metric, int seed)
    {
        var form = candidate.Learner.Form(y.Task, candidate.Configuration);
        var (featurizer, training) = Featurizer.Fit(table, columns, y, form, seed, Environment.ProcessorCount, CancellationToken.None);
        var model = candidate.Learner.Fit(new TrainingSet(training, y), candidate.Configuration, new FitContext(seed, Environment.ProcessorCount));
        return metric.Compute(answers, model.Predict(featurizer.Transform(test)));
    }

    private static int Number(string[] args, string name, int fallback) =>
        Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : fallback;

    private sealed record Outcome(double Score, Interval Interval, double Last);

    private sealed record CoverageSet(string Name, string Target, string Metric, TaskKind? Task, (string Name, Configuration Settings)[] Learners);
}
