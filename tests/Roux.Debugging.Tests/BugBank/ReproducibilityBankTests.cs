using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners;
using Roux.Tracking;
using Roux.Tuning;
using Shouldly;
using Xunit;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Trainings that come to something else each time, models that change on the way to their use, procedures that are broken, and sound ones.</summary>
public sealed class ReproducibilityBankTests
{
    private static int unseeded = 1;

    private static IReadOnlyList<Bug> Bugs =>
    [
        new("rows shuffled without a seed", ["not-reproducible"], seed => Repeat(seed, shuffle: Unseeded)),
        new("weights drawn without a seed", ["not-reproducible"], seed => Repeat(seed, start: Unseeded)),
        new("dropout without a seed", ["not-reproducible"], seed => Repeat(seed, noise: Unseeded)),
        new("sums in the order in which threads finish", ["not-reproducible"], seed => Repeat(seed, noise: circumstances => circumstances.Threads > 1 ? Unseeded(circumstances) : circumstances.Seed)),
        new("a random generator for each thread", ["depends-on-threads"], seed => Repeat(seed, noise: circumstances => circumstances.Seed + 1000 * circumstances.Threads)),
        new("a scaler that is not saved", ["saved-model-differs"], seed => Serve(seed, loaded: value => value + 0.3)),
        new("a model saved with two digits", ["saved-model-differs"], seed => Serve(seed, loaded: value => Math.Round(value, 2))),
        new("batch statistics in use", ["depends-on-batch"], seed => Serve(seed, batch: (values, mean) => values - mean)),
        new("padding that is not masked", ["depends-on-batch"], seed => Serve(seed, batch: (values, mean) => values * (1 + 0.2 * Math.Abs(mean)))),
        new("three times as slow as before", ["cost-regression"], seed => Serve(seed, now: 900, before: 300)),
        new("labels of other rows", ["known-answer-missed"], seed => Try(seed, shiftLabels: true)),
        new("a model that always says the same", ["known-answer-missed"], seed => Try(seed, constant: true)),
        new("columns chosen before the split", ["learns-from-nothing"], seed => Try(seed, chooseFirst: true)),
    ];

    private static IReadOnlyList<Healthy> Sound =>
    [
        new("everything with a seed", seed => Repeat(seed)),
        new("single-precision rounding over threads", seed => Repeat(seed, rounding: true)),
        new("a model that is the same after loading", seed => Serve(seed, loaded: value => value)),
        new("a model saved in single precision", seed => Serve(seed, loaded: value => (float)value)),
        new("a tenth slower than before", seed => Serve(seed, now: 330, before: 300)),
        new("a sound procedure", seed => Try(seed)),
        new("logistic regression", seed => Learner("logistic-regression", TaskKind.Binary, seed)),
        new("a forest for numbers", seed => Learner("random-forest", TaskKind.Regression, seed)),
        new("naive Bayes for three classes", seed => Learner("naive-bayes", TaskKind.Multiclass, seed)),
        new("boosted trees", seed => Learner("lightgbm", TaskKind.Binary, seed)),
        new("neighbours", seed => Learner("k-nearest-neighbours", TaskKind.Multiclass, seed)),
    ];

    [Fact]
    [Trait("Speed", "slow")]
    public void Bugs_are_named_and_sound_set_ups_are_left_alone() => BankReport.Of(Bugs, Sound, 1, 2).ShouldBeGood();

    [Theory]
    [InlineData("shuffle", "at the rows")]
    [InlineData("start", "at the initial weights")]
    [InlineData("noise", "at step 1")]
    [InlineData("threads", "only when several threads work")]
    public void It_is_told_where_two_trainings_part(string what, string where)
    {
        var found = what switch
        {
            "shuffle" => Repeat(1, shuffle: Unseeded),
            "start" => Repeat(1, start: Unseeded),
            "noise" => Repeat(1, noise: Unseeded),
            _ => Repeat(1, noise: circumstances => circumstances.Threads > 1 ? Unseeded(circumstances) : circumstances.Seed),
        };
        found[0].Message.ShouldContain(where);
    }

    private static int Unseeded(Circumstances circumstances) => unseeded++;

    private static IReadOnlyList<Finding> Repeat(int seed, Func<Circumstances, int>? shuffle = null, Func<Circumstances, int>? start = null, Func<Circumstances, int>? noise = null, bool rounding = false)
    {
        var context = new CheckContext { Seed = seed, Threads = 2 };
        return Settle(RepeatChecks.All, new RepeatSubject(new Descent(shuffle, start, noise, rounding), context), context);
    }

    private static IReadOnlyList<Finding> Serve(int seed, Func<double, double>? loaded = null, Func<double, double, double>? batch = null, double now = 0, double before = 0)
    {
        var random = new Random(seed);
        var rows = new Table("t", [new NumberColumn("x", [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble())])]);
        Predictions Ask(Table table, Func<double, double> change)
        {
            var x = ((NumberColumn)table["x"]).Values;
            var mean = x.Average();
            return new Predictions(TaskKind.Regression, 1, [.. x.Select(value => change(batch is null ? 3 * value : batch(3 * value, mean)))]);
        }

        var subject = new DeploymentSubject
        {
            Name = "model",
            Rows = rows,
            Predict = table => Ask(table, value => value),
            Loaded = loaded is null ? null : table => Ask(table, loaded),
            Cost = now > 0 ? Cost(now) : null,
            EarlierCost = before > 0 ? Cost(before) : null,
        };
        return Settle(DeploymentChecks.All, subject, new CheckContext { Seed = seed });
    }

    private static IReadOnlyList<Finding> Learner(string name, TaskKind task, int seed)
    {
        var context = new CheckContext { Seed = seed, Threads = 2 };
        return Settle(ProcedureChecks.All, ProcedureSubject.Of(LearnerCatalog.Find(name)!, task, null, context), context);
    }

    /// <summary>Nearest class mean over the three columns that tell most.</summary>
    private static IReadOnlyList<Finding> Try(int seed, bool shiftLabels = false, bool constant = false, bool chooseFirst = false) => Settle(ProcedureChecks.All, new ProcedureSubject("means", TaskKind.Binary, (table, target, _) =>
    {
        var columns = table.Columns.OfType<NumberColumn>().Select(column => column.Values).ToArray();
        var (answers, _, _) = TargetBuilder.Build(table, target, null, null);
        var labels = shiftLabels ? [.. answers.Labels.Skip(1), answers.Labels[0]] : answers.Labels;
        int[] training = [.. Enumerable.Range(0, labels.Length).Where(row => row % 3 != 0)], test = [.. Enumerable.Range(0, labels.Length).Where(row => row % 3 == 0)];
        double Mean(double[] column, int label, int[] rows) => rows.Where(row => labels[row] == label).Select(row => column[row]).DefaultIfEmpty().Average();
        int[] seen = chooseFirst ? [.. training, .. test] : training;
        var chosen = columns.OrderByDescending(column => Math.Abs(Mean(column, 0, seen) - Mean(column, 1, seen))).Take(chooseFirst ? 20 : 3).ToArray();
        var right = test.Count(row => (constant ? 0 : chosen.Sum(column => Math.Pow(column[row] - Mean(column, 0, training), 2)) < chosen.Sum(column => Math.Pow(column[row] - Mean(column, 1, training), 2)) ? 0 : 1) == labels[row]);
        return new ProcedureScore((double)right / test.Length, test.Length);
    }), new CheckContext { Seed = seed });

    private static IReadOnlyList<Finding> Settle<T>(IReadOnlyList<Check<T>> checks, T subject, CheckContext context) =>
        FindingList.Of(CheckRunner.Run(checks, subject, context), [.. checks.Select(CheckCard.Of)]);

    private static ModelMeasurement Cost(double microseconds) => new()
    {
        P50Microseconds = microseconds, P95Microseconds = 2 * microseconds, P99Microseconds = 3 * microseconds, MeanMicroseconds = microseconds, MaxMicroseconds = 9 * microseconds, Predictions = 1000,
        CpuMicroseconds = microseconds, RowsPerSecond = 1e6 / microseconds, BatchRows = 100, AllocatedBytesPerRow = 100, Collections = 0, CollectionSeconds = 0, WarmUpSeconds = 1, Settled = true, ResidentBytes = 100_000_000,
    };

    /// <summary>Gradient descent on a line, with marks on the way.</summary>
    private sealed class Descent(Func<Circumstances, int>? shuffle, Func<Circumstances, int>? start, Func<Circumstances, int>? noise, bool rounding) : IRepeatable
    {
        public string Name => "descent";

        public RepeatTrace Repeat(Circumstances circumstances, CancellationToken cancellation)
        {
            var rows = Enumerable.Range(0, 40).ToArray();
            new Random((shuffle ?? (given => given.Seed))(circumstances)).Shuffle(rows);
            var weight = new Random((start ?? (given => given.Seed))(circumstances)).NextDouble();
            var random = new Random((noise ?? (given => given.Seed))(circumstances));
            var stages = new List<RepeatStage> { new(StageKind.Data, "batch 1", [.. rows.Select(row => (double)row)]), new(StageKind.Initialisation, "weight", [weight]) };
            for (var step = 0; step < 10; step++)
            {
                var x = rows[step] / 40.0;
                var loss = (weight * x - 2 * x) * (weight * x - 2 * x) + 0.1 * random.NextDouble();
                weight -= 0.3 * (weight - 2) * x * x * (1 + random.NextDouble());
                weight = rounding && circumstances.Threads > 1 ? weight * (1 + 1e-8) : weight;
                stages.Add(new RepeatStage(StageKind.Training, $"step {step + 1}", [loss]));
            }

            return new RepeatTrace(stages, [.. rows.Order().Select(row => weight * row)], 1);
        }
    }
}
