using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Pipelines;
using Roux.Debugging.Findings;
using Roux.Debugging.Tests.Models;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Bugs of what a learner receives, and inputs that are sound.</summary>
internal static class InputBank
{
    private static readonly IReadOnlyList<CheckCard> Cards = [.. InputChecks.All.Select(CheckCard.Of), .. ServingChecks.All.Select(CheckCard.Of)];

    public static IReadOnlyList<Bug> Bugs { get; } =
    [
        new("bytes not divided by 255", ["input-scale"], seed => Judge(Digits(seed, value => value * 255 / 16))),
        new("inputs x255 after scaling", ["input-scale"], seed => Judge(Made(seed, (value, _) => value * 255))),
        new("one column x10,000", ["input-scale"], seed => Judge(Made(seed, (value, column) => column == 2 ? value * 10_000 : value) with { Needs = InputNeeds.Distances })),
        new("units of their own for neighbours", ["input-scale"], seed => Judge(Raw("wine-white", "quality", seed, InputNeeds.Distances))),
        new("missing values for a network", ["input-not-finite"], seed => Judge(Made(seed, (value, column) => column == 1 && value > 1.5 ? float.NaN : value))),
        new("logarithm of zero", ["input-not-finite"], seed => Judge(Made(seed, (value, column) => column == 0 && value < -2 ? float.NegativeInfinity : value))),
        new("nothing but zeros", ["input-constant"], seed => Judge(Made(seed, (_, _) => 0))),
        new("the first row everywhere", ["input-constant"], seed => Judge(Made(seed, (_, column) => column + 0.5f))),
        new("most columns overwritten", ["input-constant"], seed => Judge(Made(seed, (value, column) => column == 0 ? value : 1.25f))),
        new("two levels at once", ["one-hot-broken"], seed => Judge(OneHot(seed, (row, level) => row % 9 == 0 ? [level, (level + 1) % 4] : [level]))),
        new("levels not recognised", ["one-hot-broken"], seed => Judge(OneHot(seed, (_, level) => level == 2 ? [] : [level]))),
        new("labels off by one", ["labels-misaligned"], seed => Judge(Made(seed, (value, _) => value) is var s ? s with { Y = Rolled(s.Y!, 1) } : null!)),
        new("labels off by two, images", ["labels-misaligned"], seed => Judge(Digits(seed, value => value / 16) is var s ? s with { Y = Rolled(s.Y!, -2) } : null!)),
        new("labels off by one, numbers", ["labels-misaligned"], seed => Judge(Raw("diamonds", "price", seed, InputNeeds.Trees) is var s ? s with { Y = Rolled(s.Y!, 1) } : null!)),
        new("labels shuffled", ["labels-unrelated"], seed => Judge(Made(seed, (value, _) => value) is var s ? s with { Y = Mixed(s.Y!, seed) } : null!)),
        new("labels shuffled, mixed columns", ["labels-unrelated"], seed => Judge(Raw("adult", "income", seed, InputNeeds.Trees) is var s ? s with { Y = Mixed(s.Y!, seed) } : null!)),
        new("batches sorted by class", ["sorted-batches"], seed => Judge(Sorted(Made(seed, (value, _) => value)))),
        new("batches sorted by number", ["sorted-batches"], seed => Judge(Sorted(Digits(seed, value => value / 16)))),
        new("nearly all padding", ["padding-ratio"], seed => Judge(Tokens(seed, 12, 256, 0.01))),
        new("cut in the middle", ["truncated-inputs"], seed => Judge(Tokens(seed, 90, 64, 0.01))),
        new("wrong tokenizer", ["unknown-tokens"], seed => Judge(Tokens(seed, 40, 64, 0.6))),
        new("ids beyond the vocabulary", ["token-range"], seed => Judge(Tokens(seed, 40, 64, 0.01) is var s ? s with { Tokens = s.Tokens! with { Vocabulary = 300 } } : null!)),
        new("evaluation not scaled", ["input-shift"], seed => Judge(Made(seed, (value, _) => value) is var s ? s with { Evaluation = Made(seed + 50, (value, column) => value * 20 + 100 * column + 50).X } : null!)),
        new("evaluation from 0 to 255", ["input-shift"], seed => Judge(Digits(seed, value => value / 16) is var s ? s with { Evaluation = Digits(seed + 50, value => value * 255 / 16).X } : null!)),
        new("metres instead of feet", ["serving-unit"], seed => Serving(seed, table => table.With(Scaled(table, "sulphates", 0.3048)))),
        new("per cent instead of shares", ["serving-unit"], seed => Serving(seed, table => table.With(Scaled(table, "volatile_acidity", 100)))),
        new("decimal commas", ["serving-type"], seed => Serving(seed, table => table.With(TextColumn.From("alcohol", Enumerable.Range(0, table.RowCount).Select(row => table["alcohol"].Format(row)?.Replace('.', ',') + "%"))))),
        new("a column that is not delivered", ["serving-column-missing"], seed => Serving(seed, table => table.Without("alcohol"))),
        new("an older model in use", ["train-serve-skew"], seed => Skewed(seed)),
    ];

    public static IReadOnlyList<Healthy> Healthy { get; } =
    [
        Sound("penguins", "species", "logistic-regression"),
        Sound("sonar", "label", "svm-rbf"),
        Sound("titanic", "survived", "logistic-regression"),
        Sound("titanic", "survived", "lightgbm"),
        Sound("wine-white", "quality", "k-nearest-neighbours"),
        Sound("wine-white", "quality", "random-forest"),
        Sound("diamonds", "price", "ridge"),
        Sound("diamonds", "price", "lightgbm"),
        Sound("adult", "income", "logistic-regression"),
        Sound("adult", "income", "naive-bayes"),
        Sound("adult", "income", "lightgbm"),
        Sound("digits", "target", "svm-rbf"),
        Sound("movie-plots", "genre", "logistic-regression"),
        new("images from 0 to 1, shuffled batches", seed => Judge(Digits(seed, value => value / 16) with { BatchSize = 32 })),
        new("standardised quantities, shuffled batches", seed => Judge(Made(seed, (value, _) => value) with { BatchSize = 16, Evaluation = Made(seed + 50, (value, _) => value).X })),
        new("a weak but honest signal", seed => Judge(Made(seed, (value, _) => value, noise: 4, rows: 3_000))),
        new("a ring within a ring", seed => Judge(Rings(seed))),
        new("a series and its own past", seed => Judge(Series(seed))),
        new("one-hot levels", seed => Judge(OneHot(seed, (_, level) => [level]))),
        new("texts of many lengths", seed => Judge(Tokens(seed, 40, 64, 0.01))),
        new("a drifted column in use", seed => Serving(seed, table => table.With(Scaled(table, "alcohol", 1.15)))),
        new("the saved model in use", seed => Serving(seed, table => table)),
    ];

    private static IReadOnlyList<Finding> Judge(InputSubject subject) => FindingList.Of(CheckRunner.Run(InputChecks.All, subject, new CheckContext { Threads = 2 }), Cards);

    private static Healthy Sound(string set, string target, string learner) => new($"{set}, {learner}", seed =>
    {
        var (train, test) = Fitted.Shared(set, "alive", "genres");
        train = train.First(set == "movie-plots" ? 1_500 : 4_000);
        test = test.First(2_000);
        var pipeline = Fitted.Fit(learner, train, target, seed: seed);
        var findings = InputSubject.Of(pipeline, train, test).SelectMany(subject => CheckRunner.Run(InputChecks.All, subject, new CheckContext { Seed = seed, Threads = 2 }))
            .Concat(CheckRunner.Run(ServingChecks.All, ServingSubject.OfSaved(pipeline, train, test), new CheckContext { Seed = seed }));
        return FindingList.Of(findings, Cards);
    });

    private static IReadOnlyList<Finding> Serving(int seed, Func<Table, Table> change)
    {
        var (train, test) = Fitted.Shared("wine-white");
        var pipeline = Fitted.Fit("ridge", train, "quality", seed: seed);
        return FindingList.Of(CheckRunner.Run(ServingChecks.All, ServingSubject.OfSaved(pipeline, train, change(test)), new CheckContext { Seed = seed }), Cards);
    }

    private static IReadOnlyList<Finding> Skewed(int seed)
    {
        var (train, _) = Fitted.Shared("wine-white");
        var older = Fitted.Fit("ridge", train.First(500), "quality", seed: seed);
        var subject = new ServingSubject { Trained = Fitted.Fit("ridge", train, "quality", seed: seed), Served = table => older.Predict(table), Training = train };
        return FindingList.Of(CheckRunner.Run(ServingChecks.All, subject, new CheckContext { Seed = seed }), Cards);
    }

    /// <summary>Five standardised quantities, of which two decide between two classes.</summary>
    private static InputSubject Made(int seed, Func<float, int, float> change, double noise = 0.5, int rows = 2_000)
    {
        var random = new Random(seed);
        var x = new float[rows * 5];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            var own = Enumerable.Range(0, 5).Select(_ => (float)Gaussian(random)).ToArray();
            labels[row] = own[0] - own[1] + noise * Gaussian(random) > 0 ? 1 : 0;
            for (var j = 0; j < 5; j++)
            {
                x[row * 5 + j] = change(own[j], j);
            }
        }

        return InputSubject.Of(x, 5, Target.Classification(labels, ["no", "yes"]));
    }

    private static InputSubject Digits(int seed, Func<float, float> change)
    {
        var (train, _) = Fitted.Shared("digits");
        var order = Enumerable.Range(0, train.RowCount).ToArray();
        new Random(seed).Shuffle(order);
        var pixels = train.Columns.Where(column => column.Name != "target").Cast<NumberColumn>().ToArray();
        var x = order.SelectMany(row => pixels.Select(pixel => change((float)pixel.Values[row]))).ToArray();
        return InputSubject.Of(x, pixels.Length, Target.Classification([.. order.Select(row => (int)((NumberColumn)train["target"]).Values[row])], [.. Enumerable.Range(0, 10).Select(k => $"{k}")]));
    }

    /// <summary>The numbers of a shared set in their own units, in random order.</summary>
    private static InputSubject Raw(string set, string target, int seed, InputNeeds needs)
    {
        var (train, _) = Fitted.Shared(set);
        var (y, rows, _) = TargetBuilder.Build(train, target);
        new Random(seed).Shuffle(rows);
        rows = rows[..Math.Min(rows.Length, 4_000)];
        var numbers = train.Columns.Where(column => column.Name != target).OfType<NumberColumn>().ToArray();
        return InputSubject.Of([.. rows.SelectMany(row => numbers.Select(number => (float)number.Values[row]))], numbers.Length, y.Take(rows), [.. numbers.Select(number => number.Name)]) with { Needs = needs };
    }

    private static InputSubject OneHot(int seed, Func<int, int, int[]> set)
    {
        var random = new Random(seed);
        const int Rows = 1_500;
        var x = new float[Rows * 5];
        var labels = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var level = random.Next(4);
            x[row * 5] = (float)Gaussian(random);
            labels[row] = (level >= 2 ? 1 : 0) + x[row * 5] + 0.5 * Gaussian(random) > 0.5 ? 1 : 0;
            foreach (var k in set(row, level))
            {
                x[row * 5 + 1 + k] = 1;
            }
        }

        return InputSubject.Of(x, 5, Target.Classification(labels, ["no", "yes"]), ["size", "town=Rome", "town=Oslo", "town=Bern", "town=Lima"]);
    }

    private static InputSubject Rings(int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, 1_500).Select(_ => random.Next(2)).ToArray();
        var x = labels.SelectMany(label => (Radius: 1 + label + 0.2 * Gaussian(random), Angle: 2 * Math.PI * random.NextDouble()) is var (radius, angle) ? new[] { (float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)) } : []).ToArray();
        return InputSubject.Of(x, 2, Target.Classification(labels, ["inner", "outer"]));
    }

    /// <summary>Numbers without a memory, to be told from the one before: nothing to learn of the next, all of the last.</summary>
    private static InputSubject Series(int seed)
    {
        var random = new Random(seed);
        var values = new double[1_501];
        for (var i = 1; i < values.Length; i++)
        {
            values[i] = 0.3 * values[i - 1] + Gaussian(random);
        }

        return InputSubject.Of([.. values[..^1].SelectMany(value => new[] { (float)value, (float)Gaussian(random) })], 2, Target.Regression(values[1..]));
    }

    private static InputSubject Tokens(int seed, int words, int length, double unknown)
    {
        var random = new Random(seed);
        var ids = new int[400 * length];
        for (var row = 0; row < 400; row++)
        {
            var own = Math.Max(3, (int)(words * (0.4 + 1.2 * random.NextDouble())));
            for (var i = 0; i < Math.Min(own, length); i++)
            {
                ids[row * length + i] = random.NextDouble() < unknown ? 1 : random.Next(2, 1_000);
            }
        }

        return Made(seed, (value, _) => value) with { Tokens = new TokenInput(ids, length, 0) { Unknown = 1, Vocabulary = 1_000 } };
    }

    private static InputSubject Sorted(InputSubject subject)
    {
        int[] order = [.. Enumerable.Range(0, subject.Y!.Count).OrderBy(row => subject.Y.Labels[row])];
        return subject with { X = subject.X.Take(order), Y = subject.Y.Take(order), BatchSize = 32 };
    }

    private static Target Rolled(Target y, int by) => y.Take([.. Enumerable.Range(0, y.Count).Select(row => (row + by + y.Count) % y.Count)]);

    private static Target Mixed(Target y, int seed)
    {
        var order = Enumerable.Range(0, y.Count).ToArray();
        new Random(seed + 7).Shuffle(order);
        return y.Take(order);
    }

    private static NumberColumn Scaled(Table table, string column, double factor) => new(column, Array.ConvertAll(((NumberColumn)table[column]).Values, value => value * factor));

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
