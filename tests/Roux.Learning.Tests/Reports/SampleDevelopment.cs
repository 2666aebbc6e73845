using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Learning.Tests.Reports;

/// <summary>Makes results of developments by hand: made-up rows and predictions, everything else computed from them the way a real one is.</summary>
internal sealed class SampleDevelopment
{
    private readonly Random random = new(7);

    public TaskKind Task { get; init; } = TaskKind.Multiclass;

    public string[] Classes { get; init; } = ["Action", "Adventure", "Comedy", "Documentary", "Drama", "Horror", "Musical", "Thriller/Suspense"];

    public string TargetName { get; init; } = "Major Genre";

    public string DataPath { get; init; } = "samples/trending-now/movies.csv";

    public int Rows { get; init; } = 900;

    /// <summary>Names put on columns, texts and remarks beside the plain ones.</summary>
    public string Extra { get; init; } = "Creative Type";

    public int ExtraColumns { get; init; }

    public bool Ensemble { get; init; } = true;

    public bool Interrupted { get; init; }

    public bool Registered { get; init; } = true;

    /// <summary>Candidates that were scored before the end; the others are left out.</summary>
    public int MaxCandidates { get; init; } = int.MaxValue;

    public DevelopResult Make()
    {
        var table = MakeTable();
        var target = MakeTarget(Rows);
        var specs = Specs(table);
        var metric = Metrics.Default(Task);
        var candidates = MakeCandidates(metric);
        var board = candidates.DistinctBy(candidate => candidate.LearnerName).ToArray();
        var comparison = Comparison.Of([.. board.Select(candidate => new CandidateScores(candidate.Name, candidate.Complexity, candidate.Scores, candidate.Family == "baseline"))], metric, 0.25);
        var test = MakeTarget(Rows / 4);
        var predictions = Predict(test, 1.6);
        var winner = candidates[0];
        return new DevelopResult
        {
            Options = new DevelopOptions { DataPath = DataPath, Target = TargetName, Seed = 42, CommandLine = $"roux develop {DataPath} --target \"{TargetName}\"", Drop = ["Dropped"] },
            Data = new LoadedTable(table, new string('a', 64), 314_159, []),
            Task = Task,
            Classes = Classes,
            Metric = metric,
            Columns = specs,
            Profile = Profile.Of(table, specs, target),
            Rows = new RowCounts(Rows + Rows / 4 + 12, Rows + Rows / 4, Rows, Rows, Rows / 4, 5),
            Candidates = candidates,
            Leaderboard = [.. board.Select(candidate => new LeaderboardRow(candidate, ConfidenceIntervals.OfMean(candidate.Scores, 0.25), comparison.Candidates.First(other => other.Name == candidate.Name).AdjustedPValue))],
            Skipped = [("svm", $"needs more time than is left for {Extra}"), ("k-nearest-neighbours#3", "clearly behind lightgbm")],
            Winner = winner,
            Comparison = comparison,
            Verdict = comparison.Verdict + $" On rows that no step had seen, {winner.Name} scores as promised.",
            Pipeline = null!, // The report is about what was measured; it does not look into the model itself.
            Test = Evaluator.Evaluate(test, predictions, metric, 42),
            TestTarget = test,
            TestPredictions = predictions,
            CrossValidated = ConfidenceIntervals.OfMean(winner.Scores, 0.25),
            Importance = [.. specs.Where(spec => spec.Role != ColumnRole.Target).Take(400).Select((spec, i) => (spec.Name, Math.Pow(0.7, i) * 0.3))],
            PermutationImportance = [.. specs.Where(spec => spec.Role != ColumnRole.Target).Take(20).Select((spec, i) => Importance(spec.Name, 0.12 * Math.Pow(0.55, i)))],
            Findings = [Found(Severity.High), Found(Severity.Medium), Found(Severity.Info)],
            Notes = ["225 of 1,125 rows set aside for the final score", $"remark about {Extra}"],
            RunId = "0123456789abcdef0123456789abcdef",
            ModelVersion = Registered ? new ModelVersionRecord
            {
                Name = "movies-major-genre", Version = 3, RunId = "0123456789abcdef0123456789abcdef", ArtifactPath = "model/model.roux", Location = "models", Digest = "sha256:" + new string('b', 64),
                Bytes = 1_234_567, Created = DateTimeOffset.UnixEpoch, Updated = DateTimeOffset.UnixEpoch,
            } : null,
            Interrupted = Interrupted,
            Seconds = 58.3,
            Phases = [("data", 0.4), ("profile", 0.3), ("baselines", 1.2), ("families", 24.5), ("tuning", 21), ("ensemble", 2.2), ("final fit", 5.1), ("test", 1.4)],
        };
    }

    private Table MakeTable()
    {
        var columns = new List<Column>
        {
            new NumberColumn("Production Budget", Draw(() => random.NextDouble() < 0.1 ? double.NaN : Math.Round(Math.Exp(15 + 2 * Normal())))),
            new NumberColumn("IMDB Rating", Draw(() => Math.Round(Math.Clamp(6.3 + Normal(), 1, 10), 1))),
            new NumberColumn("IMDB Votes", Draw(() => Math.Round(Math.Exp(9 + Normal()))), ColumnType.Integer),
            TextColumn.From("MPAA Rating", Draw(() => random.NextDouble() < 0.3 ? null : new[] { "R", "PG-13", "PG", "G" }[(int)(random.NextDouble() * random.NextDouble() * 4)])),
            TextColumn.From(Extra, Draw(() => random.NextDouble() < 0.5 ? Extra + " fiction" : "Real life")),
            new DateColumn("Release Date", Draw(() => new DateTime(1990, 1, 1).AddDays(random.Next(9000)).Ticks)),
            TextColumn.From("Dropped", Draw(() => (string?)"x")),
            new NumberColumn("Constant", Draw(() => 1.0)),
            TextColumn.From(TargetName, Draw(() => Classes.Length == 0 ? "1" : Classes[random.Next(Classes.Length)])),
        };
        columns.AddRange(Enumerable.Range(0, ExtraColumns).Select(i => new NumberColumn($"wide column number {i}", Draw(() => Normal()))));
        return new Table(Path.GetFileName(DataPath), columns);
    }

    private List<ColumnSpec> Specs(Table table) => [.. table.Columns.Select(column => new ColumnSpec(column.Name, column.Type, column.Name switch
    {
        "Dropped" => ColumnRole.Ignore,
        "Constant" => ColumnRole.Constant,
        _ when column.Name == TargetName => ColumnRole.Target,
        _ => column.Type switch { ColumnType.Text => ColumnRole.Categorical, ColumnType.Date => ColumnRole.Date, _ => ColumnRole.Numeric },
    }))];

    private Target MakeTarget(int rows) => Task switch
    {
        TaskKind.Regression => Target.Regression([.. Enumerable.Range(0, rows).Select(_ => Math.Round(Math.Exp(7.8 + Normal())))]),
        TaskKind.Multilabel => Target.Multilabel([.. Enumerable.Range(0, rows * Classes.Length).Select(i => random.NextDouble() < 0.4 / (1 + i % Classes.Length))], Classes),
        _ => Target.Classification([.. Enumerable.Range(0, rows).Select(_ => (int)(Math.Pow(random.NextDouble(), 1.5) * Classes.Length))], Classes),
    };

    private Predictions Predict(Target y, double skill)
    {
        if (Task == TaskKind.Regression)
        {
            return new Predictions(Task, 1, [.. y.Values.Select(value => value * Math.Exp(0.25 * Normal()))]);
        }

        var values = new double[y.Count * y.Width];
        for (var row = 0; row < y.Count; row++)
        {
            var scores = Enumerable.Range(0, y.Width).Select(k => Math.Exp(Normal() + skill * (Task == TaskKind.Multilabel ? (y.Indicators[row * y.Width + k] ? 1.5 : -1.5) : y.Labels[row] == k ? 1.3 : 0))).ToArray();
            for (var k = 0; k < y.Width; k++)
            {
                values[row * y.Width + k] = Task == TaskKind.Multilabel ? scores[k] / (1 + scores[k]) : scores[k] / scores.Sum();
            }
        }

        return new Predictions(Task, y.Width, values);
    }

    private List<CandidateResult> MakeCandidates(Metric metric)
    {
        var learners = new (LearnerCard Card, double Score, double Seconds)[]
        {
            (Card("lightgbm", "boosting", 70, Interpretability.Opaque), 0.75, 2.6), (Card("logistic-regression", "linear", 10, Interpretability.Additive), 0.735, 0.5),
            (Card("random-forest", "forest", 60, Interpretability.Opaque), 0.72, 3.9), (Card("naive-bayes", "naive-bayes", 8, Interpretability.Additive), 0.58, 0.04),
            (Card("decision-tree", "tree", 20, Interpretability.Readable), 0.55, 0.2), (Card("zero-rule", "baseline", 0, Interpretability.Readable), 0.2, 0.0004), (Card("random", "baseline", 0, Interpretability.Readable), 0.15, 0.0003),
        };
        var list = new List<CandidateResult>();
        foreach (var (card, score, seconds) in learners)
        {
            list.Add(Candidate(metric, card.Name, card, Configuration.Empty, score, seconds));
            for (var trial = 1; trial <= (card.Complexity >= 60 ? 12 : 0); trial++)
            {
                list.Add(Candidate(metric, $"{card.Name}#{trial}", card, Configuration.Of(("learning_rate", 0.01 + random.NextDouble() / 5), ("num_leaves", random.Next(8, 200)), ("note", Extra)), score - 0.03 + 0.05 * random.NextDouble(), seconds * (0.5 + random.NextDouble())));
            }
        }

        list = [.. list.Take(MaxCandidates).OrderBy(result => metric.HigherIsBetter ? -result.Mean : result.Mean)];
        if (Ensemble && list.Count > 3)
        {
            var best = list[0];
            list.Insert(0, best with { Name = "ensemble", LearnerName = "ensemble", Family = "ensemble", Complexity = 100, Candidate = null, Members = [(list[0].Name, 0.6), (list[2].Name, 0.4)], Scores = [.. best.Scores.Select(score => metric.HigherIsBetter ? score + 0.004 : score * 0.99)], SizeBytes = 9_876_543 });
        }

        return list;
    }

    private CandidateResult Candidate(Metric metric, string name, LearnerCard card, Configuration configuration, double score, double seconds) => new()
    {
        Name = name, LearnerName = card.Name, Family = card.Family, Complexity = card.Complexity, Candidate = new Candidate(name, new CardOnly(card), configuration),
        Scores = [.. Enumerable.Range(0, 5).Select(_ => metric.HigherIsBetter ? score + 0.008 * Normal() : 400 + (1 - score) * 2000 + 12 * Normal())],
        FoldPredictions = [], Folds = 5, FitSeconds = seconds, PredictMicrosecondsPerRow = seconds * 11, SizeBytes = (long)(900 + seconds * 4e5),
    };

    private static LearnerCard Card(string name, string family, int complexity, Interpretability interpretability) => new(
        name, family, complexity, interpretability, ["rows are independent"], ["learns curves and interactions by itself", "does not mind missing values or outliers"], ["cannot go beyond the range that it has seen", "opaque: look at importance and examples"]);

    private ColumnImportance Importance(string column, double drop)
    {
        double[] repeats = [.. Enumerable.Range(0, 5).Select(_ => drop + 0.006 * Normal())];
        return new ColumnImportance(column, ConfidenceIntervals.OfMean(repeats, 0), repeats);
    }

    private Finding Found(Severity severity) => new($"check-{severity.ToString().ToLowerInvariant()}", severity, $"Column {Extra} predicts the target almost alone.")
    {
        Columns = [Extra, "IMDB Votes"],
        Evidence = new JsonObject { ["score_alone"] = 0.9712345, ["rows"] = 12_345, ["example"] = Extra, ["list"] = new JsonArray(1, 2, 3) },
        Cause = $"{Extra} may be known only after the answer is.",
        Fix = "Leave it out with --drop if it is not known when predicting.",
        Verify = "Run again with --drop and compare the two scores.",
    };

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private T[] Draw<T>(Func<T> one) => [.. Enumerable.Range(0, Rows).Select(_ => one())];

    /// <summary>A learner of which only the card is wanted.</summary>
    private sealed class CardOnly(LearnerCard card) : Learner
    {
        public override LearnerCard Card => card;

        public override bool Supports(TaskKind task) => true;

        public override FeatureForm Form(TaskKind task, Configuration configuration) => throw new NotSupportedException();

        public override Model Fit(TrainingSet training, Configuration configuration, FitContext context) => throw new NotSupportedException();
    }
}
