using CsCheck;
using Roux.Learning.Data;
using Shouldly;
using Xunit;

namespace Roux.Learning.Tests.Data;

public sealed class SplitterTests
{
    private static readonly Gen<(Target Target, int Folds, int Seed)> ClassCases =
        from classes in Gen.Int[2, 6]
        from labels in Gen.Int[0, classes - 1].Array[10, 200]
        from folds in Gen.Int[2, 8]
        from seed in Gen.Int
        select (Target.Classification(labels, [.. Enumerable.Range(0, classes).Select(k => $"c{k}")]), folds, seed);

    [Fact]
    public void EveryRowIsTestedOncePerRepeatAndClassesKeepTheirShare() =>
        ClassCases.Sample(test =>
        {
            var (y, folds, seed) = test;
            var all = Splitters.StratifiedKFold(y, folds, repeats: 2, seed);
            all.Count.ShouldBe(2 * folds);
            foreach (var repeat in all.Chunk(folds))
            {
                CheckPartition(repeat, y.Count);
                var sizes = repeat.Select(fold => fold.Test.Length).ToArray();
                (sizes.Max() - sizes.Min()).ShouldBeLessThanOrEqualTo(1);
                for (var k = 0; k < y.Classes.Length; k++)
                {
                    var counts = repeat.Select(fold => fold.Test.Count(row => y.Labels[row] == k)).ToArray();
                    (counts.Max() - counts.Min()).ShouldBeLessThanOrEqualTo(1);
                }
            }
        });

    [Fact]
    public void AHoldoutKeepsClassSharesWithinOneRow() =>
        ClassCases.Sample(test =>
        {
            var (y, folds, seed) = test;
            var fold = Splitters.Holdout(y, 1.0 / folds, seed);
            fold.Train.Concat(fold.Test).Order().ShouldBe(Enumerable.Range(0, y.Count));
            // Of every class one row stays for training, so many tiny classes can make the test part smaller than asked.
            var wanted = (int)Math.Round((double)y.Count / folds, MidpointRounding.AwayFromZero);
            var spare = y.Labels.CountBy(label => label).Sum(pair => pair.Value - 1);
            fold.Test.Length.ShouldBeInRange(Math.Min(wanted, spare), wanted);
            for (var k = 0; k < y.Classes.Length; k++)
            {
                var count = y.Labels.Count(label => label == k);
                var share = (double)count * fold.Test.Length / y.Count;
                Math.Abs(fold.Test.Count(row => y.Labels[row] == k) - share).ShouldBeLessThan(count == 1 ? 1.01 : 1.5);
                if (count > 1)
                {
                    fold.Train.Count(row => y.Labels[row] == k).ShouldBeGreaterThan(0);
                }
            }
        });

    [Fact]
    public void RegressionFoldsSpanTheQuantiles() =>
        Gen.Select(Gen.Double[-1e3, 1e3].Array[40, 200], Gen.Int[2, 6], Gen.Int).Sample((values, folds, seed) =>
        {
            var y = Target.Regression(values);
            var all = Splitters.StratifiedKFold(y, folds, 1, seed);
            CheckPartition(all, y.Count);
            var sorted = values.Order().ToArray();
            foreach (var fold in all)
            {
                // Of every run of `folds` neighbours a fold has exactly one, so up to any rank it has rank / folds, give or take one.
                var test = fold.Test.Select(row => values[row]).Order().ToArray();
                for (var i = 0; i < test.Length; i++)
                {
                    test[i].ShouldBeInRange(sorted[i * folds], sorted[Math.Min(sorted.Length - 1, i * folds + folds - 1)]);
                }
            }

            var holdout = Splitters.Holdout(y, 0.25, seed);
            holdout.Test.Length.ShouldBe((int)Math.Round(0.25 * values.Length, MidpointRounding.AwayFromZero));
            holdout.Train.Concat(holdout.Test).Order().ShouldBe(Enumerable.Range(0, y.Count));
        });

    [Fact]
    public void SeveralLabelsKeepTheirShare() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[60, 200], Gen.Int[2, 5], Gen.Int[0, 1000]).Sample((labels, rows, folds, seed) =>
        {
            var random = new Random(seed);
            var indicators = new bool[rows * labels];
            for (var i = 0; i < indicators.Length; i++)
            {
                indicators[i] = random.NextDouble() < 0.15 + 0.5 * (i % labels) / labels;
            }

            var y = Target.Multilabel(indicators, [.. Enumerable.Range(0, labels).Select(k => $"l{k}")]);
            var all = Splitters.StratifiedKFold(y, folds, 1, seed);
            CheckPartition(all, rows);
            for (var k = 0; k < labels; k++)
            {
                var count = Enumerable.Range(0, rows).Count(row => indicators[row * labels + k]);
                foreach (var fold in all)
                {
                    var inFold = fold.Test.Count(row => indicators[row * labels + k]);
                    Math.Abs(inFold - (double)count / folds).ShouldBeLessThanOrEqualTo(5 + 0.2 * count / folds); // a greedy heuristic: close, not exact
                }
            }

            foreach (var fold in all)
            {
                Math.Abs(fold.Test.Length - (double)rows / folds).ShouldBeLessThanOrEqualTo(0.25 * rows / folds + 6);
            }
        });

    [Fact]
    public void GroupsNeverStraddle() =>
        Gen.Select(Gen.Int[0, 30].Array[30, 200], Gen.Int[2, 5], Gen.Int).Where((groups, folds, _) => groups.Distinct().Count() >= folds)
            .Sample((groups, folds, seed) =>
            {
                var all = Splitters.GroupKFold(groups, folds, seed);
                CheckPartition(all, groups.Length);
                foreach (var fold in all.Append(Splitters.GroupHoldout(groups, 0.3, seed)))
                {
                    fold.Test.Length.ShouldBeGreaterThan(0);
                    fold.Train.Length.ShouldBeGreaterThan(0);
                    fold.Test.Select(row => groups[row]).Intersect(fold.Train.Select(row => groups[row])).ShouldBeEmpty();
                }
            });

    [Fact]
    public void TimeGoesForwardOnly() =>
        Gen.Select(Gen.Long[0, 60].Array[20, 200], Gen.Int[1, 5]).Where((times, folds) => times.Distinct().Count() > 4 * folds)
            .Sample((times, folds) =>
            {
                IReadOnlyList<Fold> all;
                try
                {
                    all = Splitters.TimeSeries(times, folds);
                }
                catch (DataException)
                {
                    // A time that fills several blocks leaves too few cuts; that is said, not papered over.
                    return;
                }

                all.Count.ShouldBe(folds);
                foreach (var fold in all.Append(Splitters.TimeHoldout(times, 0.2)))
                {
                    fold.Test.Length.ShouldBeGreaterThan(0);
                    fold.Train.Length.ShouldBeGreaterThan(0);
                    fold.Train.Max(row => times[row]).ShouldBeLessThan(fold.Test.Min(row => times[row]));
                }
            });

    [Fact]
    public void TimeFoldsTestAllLaterRowsOnce()
    {
        long[] times = [.. Enumerable.Range(0, 12).Select(i => (long)(100 - i))];
        var folds = Splitters.TimeSeries(times, 3);
        folds.Select(fold => fold.Test).ShouldBe([[6, 7, 8], [3, 4, 5], [0, 1, 2]]);
        folds[1].Train.ShouldBe([6, 7, 8, 9, 10, 11]);
    }

    [Fact]
    public void TheSeedDecides()
    {
        var y = Target.Classification([.. Enumerable.Range(0, 100).Select(i => i % 3)], ["a", "b", "c"]);
        Flat(Splitters.StratifiedKFold(y, 5, 2, 7)).ShouldBe(Flat(Splitters.StratifiedKFold(y, 5, 2, 7)));
        Flat(Splitters.StratifiedKFold(y, 5, 2, 7)).ShouldNotBe(Flat(Splitters.StratifiedKFold(y, 5, 2, 8)));
        var repeats = Splitters.StratifiedKFold(y, 5, 2, 7);
        Flat([.. repeats.Take(5)]).ShouldNotBe(Flat([.. repeats.Skip(5)]));

        // Fixed once and for all: a stored seed must give the same rows in every later version.
        Splitters.KFold(10, 5, 1, 1).Select(fold => string.Join(",", fold.Test)).ShouldBe(["0,5", "1,9", "6,8", "2,4", "3,7"]);
    }

    [Fact]
    public void AGivenColumnMakesFolds()
    {
        var folds = Splitters.Predefined(new NumberColumn("fold", [1, 0, -1, 1, 0]));
        folds.Select(fold => fold.Test).ShouldBe([[1, 4], [0, 3]]);
        folds[0].Train.ShouldBe([0, 2, 3]);
        var named = Splitters.Predefined(TextColumn.From("split", ["train", "test", "train", "test"]));
        named.ShouldHaveSingleItem().Test.ShouldBe([1, 3]);
        Should.Throw<DataException>(() => Splitters.Predefined(TextColumn.From("split", ["train", "train"]))).Message.ShouldContain("no row is for testing");
    }

    [Fact]
    public void AFileMakesFolds()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("folds.csv", "fold\n0\n1\n0\n");
        Splitters.FromFile(path, 3, TestContext.Current.CancellationToken).Select(fold => fold.Test).ShouldBe([[0, 2], [1]]);
        Should.Throw<DataException>(() => Splitters.FromFile(path, 4)).Message.ShouldContain("has 3 rows, the data has 4");
    }

    [Fact]
    public void TooFewRowsAreRefused()
    {
        var y = Target.Regression([1, 2, 3]);
        Should.Throw<DataException>(() => Splitters.StratifiedKFold(y, 5, 1, 0)).Message.ShouldBe("5 folds need at least 5 rows, but there are 3");
        Should.Throw<DataException>(() => Splitters.GroupKFold([1, 1, 2], 3, 0)).Message.ShouldContain("at least as many groups");
        Should.Throw<DataException>(() => Splitters.Holdout(y, 1.5, 0)).Message.ShouldContain("more than 0 and less than 1");
        Should.Throw<DataException>(() => Splitters.TimeHoldout([5, 5, 5], 0.3)).Message.ShouldContain("two different times");
    }

    private static void CheckPartition(IReadOnlyList<Fold> folds, int rows)
    {
        folds.SelectMany(fold => fold.Test).Order().ShouldBe(Enumerable.Range(0, rows));
        foreach (var fold in folds)
        {
            fold.Train.Concat(fold.Test).Order().ShouldBe(Enumerable.Range(0, rows));
            fold.Train.ShouldBe(fold.Train.Order());
            fold.Test.ShouldBe(fold.Test.Order());
        }
    }

    private static string Flat(IReadOnlyList<Fold> folds) => string.Join(";", folds.Select(fold => string.Join(",", fold.Test)));
}
