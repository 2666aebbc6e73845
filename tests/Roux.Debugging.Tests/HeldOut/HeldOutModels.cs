using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Models;
using Roux.Debugging.Checks.Pipelines;
using Roux.Debugging.Findings;
using Roux.Debugging.Tests.BugBank;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Tracking;
using Roux.Tuning;
using static Roux.Debugging.Tests.BugBank.MadeTables;
using static Roux.Debugging.Tests.HeldOut.OtherTables;

namespace Roux.Debugging.Tests.HeldOut;

/// <summary>Bugs of fitted models and of what learners receive, on made tables, and sound ones.</summary>
internal static class HeldOutModels
{
    private static readonly IReadOnlyList<CheckCard> OfModels = [.. ModelChecks.All.Select(CheckCard.Of)];
    private static readonly IReadOnlyList<CheckCard> OfInputs = [.. InputChecks.All.Select(CheckCard.Of)];

    public static IReadOnlyList<Bug> Bugs { get; } =
    [
        new("first and last outcome traded", ["classes-swapped"], seed => Answers(Loaned("random-forest", seed), p => new Predictions(p.Task, 3, [.. Enumerable.Range(0, p.Rows).SelectMany(row => new[] { p.Values[row * 3 + 2], p.Values[row * 3 + 1], p.Values[row * 3] })]))),
        new("wear left in logarithms", ["target-scale"], seed => Answers(Worn("lightgbm", seed), p => new Predictions(p.Task, 1, Array.ConvertAll(p.Values, value => Math.Log(Math.Max(1, value)))))),
        new("outcomes of other loans learned", ["labels-shuffled"], seed => Judge(Subject(Loans(seed, 2400), "status", "lightgbm", seed, train: table => table.With(table["status"].Take([.. Enumerable.Range(0, table.RowCount).Select(row => (row + 777) % table.RowCount)]))), seed)),
        new("a penalty of a million", ["high-bias", "worse-than-baseline", "prediction-collapse"], seed => Judge(Worn("ridge", seed, Configuration.Of(("alpha", 1e7))), seed)),
        new("one neighbour on noisy rows", ["overfit-gap", "worse-than-baseline"], seed => Judge(Loaned("k-nearest-neighbours", seed, Configuration.Of(("k", 1))), seed)),
        new("a machine whose wear was read off wrongly", ["weak-slice"], seed => Judge(Subject(Machines(seed, 3000), "wear", "lightgbm", seed, test: table => table.Map("wear", (row, value) => table["machine"].Format(row) == "M04" ? value + 14 : value)), seed)),
        new("probabilities far too timid", ["miscalibrated"], seed => Answers(Loaned("lightgbm", seed), p => new Predictions(p.Task, 3, [.. p.Values.Select(value => (value + 2.0) / 7)]))),
        new("gaps answered by NaN", ["invalid-predictions"], seed => Answers(Worn("random-forest", seed), p => new Predictions(p.Task, 1, [.. p.Values.Select((value, row) => row % 11 == 4 ? double.NaN : value)]))),
        new("hours in seconds for a network", ["input-scale"], seed => Inputs(seed, (value, column) => column == 4 ? value * 3600 * 2000 : value)),
        new("answers three rows late", ["labels-misaligned"], seed => Inputs(seed, (value, _) => value, shift: 3)),
        new("served as it was measured", ["input-shift"], seed => Inputs(seed, (value, _) => value, served: (value, column) => value * new[] { 12, 25, 1.4, 0.3, 2600 }[column] + new[] { 55, 180, 2, 0.5, 4500 }[column])),
        new("tokens of another vocabulary", ["unknown-tokens"], seed => Tokens(seed, random => random.NextDouble() < 0.45 ? 3 : random.Next(4, 5000), random => random.Next(10, 60))),
        new("every sequence cut", ["truncated-inputs"], seed => Tokens(seed, random => random.Next(4, 5000), random => random.Next(40, 200))),
    ];

    public static IReadOnlyList<Healthy> Healthy { get; } =
    [
        new("machines, random forest", seed => Judge(Worn("random-forest", seed), seed)),
        new("loans, logistic regression", seed => Judge(Loaned("logistic-regression", seed), seed)),
        new("machines, boosted trees", seed => Judge(Worn("lightgbm", seed), seed)),
        new("machines, ridge", seed => Judge(Worn("ridge", seed), seed)),
        new("machines, standardised for a network", seed => Inputs(seed, (value, _) => value)),
        new("sequences of many lengths", seed => Tokens(seed, random => random.NextDouble() < 0.01 ? 3 : random.Next(4, 5000), random => random.Next(5, 60))),
    ];

    private static ModelSubject Loaned(string learner, int seed, Configuration? configuration = null) => Subject(Loans(seed, 2400), "status", learner, seed, configuration);

    private static ModelSubject Worn(string learner, int seed, Configuration? configuration = null) => Subject(Machines(seed, 2400), "wear", learner, seed, configuration);

    private static ModelSubject Subject(Table table, string target, string learner, int seed, Configuration? configuration = null, Func<Table, Table>? train = null, Func<Table, Table>? test = null)
    {
        var (learned, judged) = table.Split(seed, 0.35);
        learned = train?.Invoke(learned) ?? learned;
        return ModelSubject.Of(Models.Fitted.Fit(learner, learned, target, configuration, seed), learned, test?.Invoke(judged) ?? judged, context: Context(seed));
    }

    private static IReadOnlyList<Finding> Judge(ModelSubject subject, int seed) => FindingList.Of(CheckRunner.Run(ModelChecks.All, subject, Context(seed)), OfModels);

    private static IReadOnlyList<Finding> Answers(ModelSubject subject, Func<Predictions, Predictions> change) => Judge(subject with
    {
        Evaluation = subject.Evaluation with { Predictions = change(subject.Evaluation.Predictions) },
        Training = subject.Training! with { Predictions = change(subject.Training.Predictions) },
        Predict = table => change(subject.Predict!(table)),
    }, 1);

    /// <summary>The five numbers of the machines, standardised, as a network gets them.</summary>
    private static IReadOnlyList<Finding> Inputs(int seed, Func<double, int, double> change, int shift = 0, Func<double, int, double>? served = null)
    {
        var table = Machines(seed, 1600);
        string[] names = ["heat", "pressure", "shake", "load", "hours"];
        var columns = names.Select(table.Values).Select(values => values.Average() is var mean && Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) is var deviation ? Array.ConvertAll(values, value => (value - mean) / deviation) : []).ToArray();
        float[] Matrix(int from, int to, Func<double, int, double> how) => [.. Enumerable.Range(from, to - from).SelectMany(row => columns.Select((column, j) => (float)how(column[row], j)))];
        var wear = table.Values("wear");
        var subject = InputSubject.Of(Matrix(0, 1200, change), 5, Target.Regression([.. Enumerable.Range(0, 1200).Select(row => wear[(row + 1200 - shift) % 1200])]), names);
        subject = subject with { Evaluation = InputSubject.Of(Matrix(1200, 1600, served ?? change), 5, null, names).X };
        return FindingList.Of(CheckRunner.Run(InputChecks.All, subject, Context(seed)), OfInputs);
    }

    private static IReadOnlyList<Finding> Tokens(int seed, Func<Random, int> token, Func<Random, int> words)
    {
        var random = new Random(seed);
        var ids = new int[300 * 48];
        for (var row = 0; row < 300; row++)
        {
            for (var i = Math.Min(48, words(random)) - 1; i >= 0; i--)
            {
                ids[row * 48 + i] = token(random);
            }
        }

        var subject = InputSubject.Of(new float[300], 1, null) with { Tokens = new TokenInput(ids, 48, 0) { Unknown = 3, Vocabulary = 5000 } };
        return FindingList.Of(CheckRunner.Run(InputChecks.All.Where(check => check is TokenSequences), subject, Context(seed)), OfInputs);
    }

    private static CheckContext Context(int seed) => new() { Seed = seed, Threads = 2 };
}
