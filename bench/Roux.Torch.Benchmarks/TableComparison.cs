using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Torch.Learners;
using Roux.Tuning;

namespace Roux.Torch.Benchmarks;

/// <summary>The network for tables beside a linear model and boosted trees, with default settings, on fixed splits.</summary>
internal static class TableComparison
{
    private static readonly (string Set, string Target, string Dropped)[] Sets = [("digits", "target", ""), ("wine-white", "quality", ""), ("adult", "income", "fnlwgt")];

    /// <param name="data">Folder of the sets, each with train.csv and test.csv.</param>
    /// <param name="only">One set, or <c>null</c> for all.</param>
    public static int Run(string data, string? only)
    {
        foreach (var (set, target, dropped) in Sets.Where(each => only is null || each.Set == only))
        {
            var training = TableReader.Read(Path.Combine(data, set, "train.csv")).Table.Without(dropped);
            var test = TableReader.Read(Path.Combine(data, set, "test.csv")).Table.Without(dropped);
            var (y, rows, _) = TargetBuilder.Build(training, target);
            var (yTest, testRows, _) = TargetBuilder.Build(test, target);
            var columns = ColumnRoles.Infer(training, target);
            foreach (var (name, learner, settings) in Candidates(y.Task))
            {
                var watch = Stopwatch.StartNew();
                var (featurizer, x) = Featurizer.Fit(training.Take(rows), columns, y, learner.Form(y.Task, settings), 1, 2, default);
                var z = featurizer.Transform(test.Take(testRows));
                watch.Restart();
                var passes = 0;
                var model = learner.Fit(new TrainingSet(x, y), settings, new FitContext(1, 2, (pass, _) => passes = pass));
                var seconds = watch.Elapsed.TotalSeconds;
                watch.Restart();
                var predictions = model.Predict(z);
                var perRow = watch.Elapsed.TotalMicroseconds / z.Rows;
                Console.WriteLine($"{set,-11} {name,-28} {Scores(predictions, yTest)}  fit {seconds,5:F1} s ({passes} passes), predict {perRow:F1} us a row");
            }
        }

        return 0;
    }

    private static IEnumerable<(string Name, Learner Learner, Configuration Settings)> Candidates(TaskKind task)
    {
        yield return ("linear", LearnerCatalog.Find(task == TaskKind.Regression ? "ridge" : "logistic-regression")!, Configuration.Empty);
        yield return ("lightgbm", LearnerCatalog.Find("lightgbm")!, Configuration.Empty);
        var mlp = new MlpLearner();
        yield return ("mlp", mlp, Configuration.Empty);
        yield return ("mlp plain", mlp, Configuration.Of(("embedding", "plain")));
        yield return ("mlp ple mapped to 8", mlp, Configuration.Of(("embedding_size", 8)));
        yield return ("mlp periodic", mlp, Configuration.Of(("embedding", "periodic")));
        yield return ("mlp residual", mlp, Configuration.Of(("residual", true), ("normalization", "batch")));
        yield return ("mlp of 4", mlp, Configuration.Of(("members", 4)));
    }

    private static string Scores(Predictions predictions, Target y)
    {
        if (y.Task == TaskKind.Regression)
        {
            return $"RMSE {Math.Sqrt(predictions.Values.Zip(y.Values).Average(pair => Math.Pow(pair.First - pair.Second, 2))):F4}";
        }

        var accuracy = predictions.Labels().Zip(y.Labels).Average(pair => pair.First == pair.Second ? 1.0 : 0.0);
        var loss = y.Labels.Select((label, row) => -Math.Log(Math.Max(1e-12, predictions.Row(row)[label]))).Average();
        return $"accuracy {accuracy:F4} log loss {loss:F4}";
    }
}
