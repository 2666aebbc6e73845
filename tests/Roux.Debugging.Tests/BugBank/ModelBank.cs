using System.Text.Json.Nodes;
using Roux.Debugging.Behaviour;
using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Models;
using Roux.Debugging.Findings;
using Roux.Debugging.Tests.Models;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Bugs of fitted models and their evaluation, and models that are sound.</summary>
internal static class ModelBank
{
    private static readonly IReadOnlyList<CheckCard> Cards = [.. ModelChecks.All.Select(CheckCard.Of)];

    public static IReadOnlyList<Bug> Bugs { get; } =
    [
        new("labels of training shuffled", ["labels-shuffled"], seed => Of("adult", "logistic-regression", "income", seed, train: table => Shuffled(table, "income", seed))),
        new("labels of evaluation shuffled", ["labels-shuffled"], seed => Of("digits", "random-forest", "target", seed, test: table => Shuffled(table, "target", seed))),
        new("two classes the wrong way round", ["classes-swapped"], seed => Answers(Subject("titanic", "logistic-regression", "survived", seed), p => Moved(p, [1, 0]))),
        new("ten classes in another order", ["classes-swapped"], seed => Answers(Subject("digits", "logistic-regression", "target", seed), p => Moved(p, Order(10, seed)))),
        new("logarithm of the target not undone", ["target-scale"], seed => Answers(Subject("diamonds", "lightgbm", "price", seed), p => new Predictions(p.Task, 1, Array.ConvertAll(p.Values, value => Math.Log(1 + Math.Max(0, value)))))),
        new("standardised target not undone", ["target-scale"], seed => Answers(Subject("wine-white", "random-forest", "quality", seed), p => new Predictions(p.Task, 1, Array.ConvertAll(p.Values, value => (value - 5.9) / 0.88)))),
        new("inputs all zero when predicting", ["prediction-collapse"], seed => Wrapped(Subject("diamonds", "ridge", "price", seed), predict => table => predict(new Table(table.Name, [.. table.Columns.Select(Emptied)])))),
        new("everything is the majority class", ["prediction-collapse"], seed => Answers(Subject("penguins", "logistic-regression", "species", seed), p => new Predictions(p.Task, p.Width, [.. Enumerable.Range(0, p.Rows).SelectMany(_ => new[] { 0.9, 0.05, 0.05 })]))),
        new("tree grown to single rows", ["overfit-gap", "tree-depth"], seed => Of("adult", "decision-tree", "income", seed, configuration: Configuration.Of(("max_depth", 0), ("min_samples_leaf", 1), ("leaf_smoothing", 0.0)))),
        new("far too much regularisation", ["high-bias", "worse-than-baseline"], seed => Of("diamonds", "ridge", "price", seed, configuration: Configuration.Of(("alpha", 1e6)))),
        new("levels lost on the way", ["ignored-columns"], seed => Wrapped(Subject("diamonds", "lightgbm", "price", seed, roles: Ignore("cut", "color", "clarity")) is var subject ? subject with { Columns = [.. subject.Columns, .. new[] { "cut", "color", "clarity" }.Select(name => new ColumnSpec(name, ColumnType.Text, ColumnRole.Categorical))] } : null!, predict => predict)),
        new("probabilities far too sure", ["miscalibrated"], seed => Answers(Subject("adult", "logistic-regression", "income", seed), p => Sharper(p, 6))),
        new("threshold at 0.95", ["decision-threshold"], seed => Judge((Subject("adult", "logistic-regression", "income", seed) is var s ? s with { Metric = Metrics.Find("f1"), Evaluation = s.Evaluation with { Predictions = new Predictions(TaskKind.Binary, 2, s.Evaluation.Predictions.Values, DecisionRule.At(0.95, "by hand")) } } : null!) with { Rivals = [] }, seed)),
        new("a fold of another kind", ["unstable-folds"], seed => Judge(Subject("adult", "logistic-regression", "income", seed) with { FoldScores = [0.905, 0.899, 0.903, 0.71, 0.902], FoldRows = 800 }, seed)),
        new("the seed decides", ["unstable-seeds"], seed => Judge(Subject("adult", "logistic-regression", "income", seed) with { SeedScores = [0.905, 0.82, 0.88, 0.79, 0.86] }, seed)),
        new("sex changes the answer", ["behaviour"], seed => Judge(Subject("titanic", "logistic-regression", "survived", seed) with { Behaviour = Suite("""[{"name": "sex does not matter", "type": "invariance", "change": {"sex": {"swap": ["male", "female"]}, "who": "man", "adult_male": "true"}}]""") }, seed)),
        new("a longer diamond gets cheaper", ["behaviour"], seed => Judge(Subject("diamonds", "ridge", "price", seed) with { Behaviour = Suite("""{"tests": [{"name": "longer, dearer", "type": "directional", "change": {"x": "+1"}, "expect": "increase"}]}""") }, seed)),
        new("labels flipped in a corner", ["weak-slice"], seed => Of("adult", "lightgbm", "income", seed, test: table => Flipped(table))),
        new("the answer is among the columns", ["feature-dominates"], seed => Judge(ModelSubject.Of(Fitted.Fit("decision-tree", Fitted.Shared("titanic").Train, "survived", seed: seed), Fitted.Shared("titanic").Train, Fitted.Shared("titanic").Test), seed)),
        new("scaled by the batch's own figures", ["order-sensitivity"], seed => Wrapped(Subject("wine-white", "ridge", "quality", seed), predict => table => predict(Rescaled(table)))),
        new("columns taken by place", ["order-sensitivity"], seed => Subject("wine-white", "ridge", "quality", seed) is var s ? Wrapped(s, predict => table => predict(ByPlace(table, s.Evaluation.Table!))) : null!),
        new("predictions that are not numbers", ["invalid-predictions"], seed => Answers(Subject("sonar", "logistic-regression", "label", seed), p => new Predictions(p.Task, p.Width, [.. p.Values.Select((value, i) => i % 7 == seed % 7 ? double.NaN : value)]))),
        new("logits for probabilities", ["invalid-predictions"], seed => Answers(Subject("digits", "logistic-regression", "target", seed), p => new Predictions(p.Task, p.Width, Array.ConvertAll(p.Values, value => Math.Log(Math.Max(value, 1e-9)))))),
        new("two digits labelled at random", ["confused-pair"], seed => Of("digits", "random-forest", "target", seed, train: table => Mixed(table, seed), test: table => Mixed(table, seed + 1))),
        new("the sixth digit decides", ["noise-sensitivity"], seed => Wrapped(Subject("wine-white", "lightgbm", "quality", seed), predict => table => Trembling(predict, table))),
        new("accuracy on 95 to 5", ["metric-mismatch", "prediction-collapse"], seed => Judge((Subject("adult", "logistic-regression", "income", seed, train: Rare, test: Rare, configuration: Configuration.Of(("C", 1e-4))) is var s ? s with { Metric = Metrics.Find("accuracy") } : null!), seed)),
        new("worse than a constant", ["worse-than-baseline", "target-scale"], seed => Answers(Subject("wine-white", "ridge", "quality", seed), p => new Predictions(p.Task, 1, Array.ConvertAll(p.Values, value => 2 * 5.88 - value)))),
    ];

    public static IReadOnlyList<Healthy> Healthy { get; } =
    [
        Sound("penguins", "logistic-regression", "species"),
        Sound("penguins", "random-forest", "species"),
        Sound("penguins", "k-nearest-neighbours", "species"),
        Sound("sonar", "random-forest", "label"),
        Sound("sonar", "svm-rbf", "label"),
        Sound("titanic", "lightgbm", "survived"),
        Sound("titanic", "logistic-regression", "survived"),
        Sound("titanic", "naive-bayes", "survived"),
        Sound("wine-white", "random-forest", "quality"),
        Sound("wine-white", "lightgbm", "quality"),
        Sound("wine-white", "ridge", "quality"),
        Sound("diamonds", "lightgbm", "price"),
        Sound("diamonds", "random-forest", "price"),
        Sound("adult", "lightgbm", "income"),
        Sound("adult", "logistic-regression", "income"),
        Sound("adult", "random-forest", "income"),
        Sound("digits", "logistic-regression", "target"),
        Sound("digits", "k-nearest-neighbours", "target"),
        Sound("digits", "extra-trees", "target"),
        Sound("movie-plots", "logistic-regression", "genre"),
    ];

    /// <summary>A model of a shared set, fitted on at most 4,000 rows and judged on at most 2,500.</summary>
    public static ModelSubject Subject(string set, string learner, string target, int seed, Func<Table, Table>? train = null, Func<Table, Table>? test = null, Configuration? configuration = null, IReadOnlyDictionary<string, string>? roles = null)
    {
        var (training, evaluation) = Fitted.Shared(set, "alive", "genres");
        var most = set == "movie-plots" ? 2_000 : 4_000;
        training = (train ?? (table => table))(Sample(training, most, seed));
        evaluation = (test ?? (table => table))(Sample(evaluation, 2_500, seed + 1));
        return ModelSubject.Of(Fitted.Fit(learner, training, target, configuration, seed, roles: roles), training, evaluation, context: Context(seed));
    }

    public static IReadOnlyList<Finding> Judge(ModelSubject subject, int seed) => FindingList.Of(CheckRunner.Run(ModelChecks.All, subject, Context(seed)), Cards);

    private static CheckContext Context(int seed) => new() { Seed = seed, Threads = 2 };

    private static Healthy Sound(string set, string learner, string target) => new($"{set}, {learner}", seed => Of(set, learner, target, seed));

    private static IReadOnlyList<Finding> Of(string set, string learner, string target, int seed, Func<Table, Table>? train = null, Func<Table, Table>? test = null, Configuration? configuration = null) =>
        Judge(Subject(set, learner, target, seed, train, test, configuration), seed);

    /// <summary>Judges a model whose answers are changed on their way, for learned rows too.</summary>
    private static IReadOnlyList<Finding> Answers(ModelSubject subject, Func<Predictions, Predictions> change) => Judge(subject with
    {
        Evaluation = subject.Evaluation with { Predictions = change(subject.Evaluation.Predictions) },
        Training = subject.Training! with { Predictions = change(subject.Training.Predictions) },
        Predict = table => change(subject.Predict!(table)),
    }, 1);

    /// <summary>Judges a model that is asked in another way.</summary>
    private static IReadOnlyList<Finding> Wrapped(ModelSubject subject, Func<Func<Table, Predictions>, Func<Table, Predictions>> wrap)
    {
        var predict = wrap(subject.Predict!);
        return Judge(subject with
        {
            Predict = predict,
            Evaluation = subject.Evaluation with { Predictions = predict(subject.Evaluation.Table!) },
            Training = subject.Training! with { Predictions = predict(subject.Training.Table!) },
        }, 1);
    }

    private static BehaviourSuite Suite(string json) => BehaviourSuite.Parse(JsonNode.Parse(json), "bank");

    private static Dictionary<string, string> Ignore(params string[] columns) => columns.ToDictionary(column => column, _ => "ignore");

    private static Table Sample(Table table, int rows, int seed)
    {
        var order = Enumerable.Range(0, table.RowCount).ToArray();
        new Random(seed).Shuffle(order);
        return table.Take(order.AsSpan(0, Math.Min(rows, order.Length)));
    }

    private static Table Shuffled(Table table, string column, int seed)
    {
        var order = Enumerable.Range(0, table.RowCount).ToArray();
        new Random(seed + 100).Shuffle(order);
        return table.With(table[column].Take(order));
    }

    private static int[] Order(int classes, int seed) => [.. Enumerable.Range(0, classes).Select(k => (k + 1 + seed % (classes - 1)) % classes)];

    private static Predictions Moved(Predictions p, int[] order) => new(p.Task, p.Width, [.. Enumerable.Range(0, p.Rows).SelectMany(row => order.Select(k => p.Values[row * p.Width + k]))]);

    private static Predictions Sharper(Predictions p, double power) => new(p.Task, p.Width, [.. Enumerable.Range(0, p.Rows).SelectMany(row =>
    {
        var raised = p.Row(row).ToArray().Select(value => Math.Pow(value, power)).ToArray();
        return raised.Select(value => value / raised.Sum());
    })]);

    private static Column Emptied(Column column) => column switch
    {
        NumberColumn number => new NumberColumn(number.Name, new double[number.Length], number.Type),
        _ => TextColumn.From(column.Name, Enumerable.Repeat((string?)"0", column.Length)),
    };

    private static Table Rescaled(Table table) => new(table.Name, [.. table.Columns.Select(column => column is NumberColumn { Type: ColumnType.Real } number && number.Values.Average() is var mean && number.Values.Max() - number.Values.Min() is var width
        ? new NumberColumn(number.Name, Array.ConvertAll(number.Values, value => width > 0 ? (value - mean) / width * 4 : value), number.Type) : column)]);

    private static Table ByPlace(Table table, Table order) => new(table.Name, [.. table.Columns.Select((column, i) => column.Rename(order.Columns[i].Name))]);

    private static Table Rare(Table table) => table.Take([.. Enumerable.Range(0, table.RowCount).Where(row => table["income"].Format(row) == "<=50K" || row % 6 == 0)]);

    private static Table Flipped(Table table) => table.With(TextColumn.From("income", Enumerable.Range(0, table.RowCount).Select(row =>
        table["sex"].Format(row) == "Female" && ((NumberColumn)table["age"]).Values[row] > 45 ? table["income"].Format(row) == ">50K" ? "<=50K" : ">50K" : table["income"].Format(row))));

    private static Table Mixed(Table table, int seed)
    {
        var random = new Random(seed);
        return table.With(new NumberColumn("target", Array.ConvertAll(((NumberColumn)table["target"]).Values, value => value is 3 or 6 ? (random.Next(2) == 0 ? 3 : 6) : value), ColumnType.Integer));
    }

    private static Predictions Trembling(Func<Table, Predictions> predict, Table table)
    {
        var sugar = ((NumberColumn)table["residual_sugar"]).Values;
        var said = predict(table);
        return new Predictions(said.Task, 1, [.. said.Values.Select((value, row) => value + 0.4 * Math.Sign(Math.Sin(1e6 * sugar[row])))]);
    }
}
