using System.Diagnostics;
using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Debugging.Labels;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;

/// <summary>
/// Average precision with which label errors are ranked, 8% of the training labels of the data sets beside the checkout flipped to another class at random.
/// Beside it, what the same models reach when they are taught the true labels: what is lost there, features do not hold.
/// </summary>
internal static class FlippedLabels
{
    private const double Share = 0.08;

    public static void Measure(string[] args)
    {
        var wanted = args.Where(arg => !arg.StartsWith('-')).ToArray();
        var apart = args.Contains("--models");
        foreach (var (name, target, task, drop) in SharedSets.All.Where(set => wanted.Length == 0 ? set.Name is "adult" or "digits" or "movie-plots" : wanted.Contains(set.Name)))
        {
            var subject = TableSubject.Of(SharedSets.Read(name, "train"), target, new TableOptions { Task = task, Drop = drop });
            var context = new CheckContext { Seed = 1, Threads = Environment.ProcessorCount };
            var table = subject.Train.Take(subject.Labelled);
            var (noisy, flipped) = Flip(subject.Target!, 1);
            ColumnSpec[] columns = [.. subject.Features];
            var models = LabelAudit.Models(table, columns, noisy);
            foreach (var chosen in apart ? models.Select(model => new[] { model }).Append([.. models]) : [[.. models]])
            {
                var watch = Stopwatch.StartNew();
                var issues = LabelAudit.Of(table, columns, noisy, context, chosen);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name,-12} {string.Join('+', chosen.Select(model => model.Name)),-40} self-confidence {Precision(issues.Confidence, flipped):0.000} margin {Precision(issues.Margin, flipped):0.000} ({watch.Elapsed.TotalSeconds:0} s); held to be wrong {issues.Count} of {flipped.Count(wrong => wrong)} flipped, noise estimate {issues.Joint?.NoiseRate:0.000}"));
            }

            if (apart)
            {
                // Models taught the true labels, asked about the flipped ones; and rows drawn by just their probabilities, which no ranking can do better on.
                var known = LabelAudit.Of(table, columns, subject.Target!, context, models);
                var width = noisy.Classes.Length;
                var margin = noisy.Labels.Select((label, i) => known.Outputs[i * width + label]).ToArray();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} taught the true labels: {Precision(margin, flipped):0.000}; if these models were right in every row: {Limit(known.Outputs, width):0.000}"));
            }
        }
    }

    private static double Precision(double[] score, bool[] flipped)
    {
        var values = new double[score.Length * 2];
        for (var i = 0; i < score.Length; i++)
        {
            values[i * 2 + 1] = -score[i];
        }

        return Metrics.Find("average_precision").Compute(Target.Classification([.. flipped.Select(wrong => wrong ? 1 : 0)], ["kept", "flipped"]), new Predictions(TaskKind.Binary, 2, values));
    }

    /// <summary>The precision when rows truly are of each class as often as the models say, labels are flipped, and rows are ranked by just those probabilities: no ranking does better on such rows.</summary>
    private static double Limit(double[] probabilities, int classes)
    {
        var random = new Random(2);
        var (score, flipped) = (new double[probabilities.Length / classes], new bool[probabilities.Length / classes]);
        for (var i = 0; i < score.Length; i++)
        {
            var (at, label) = (random.NextDouble(), 0);
            while (label < classes - 1 && (at -= probabilities[i * classes + label]) > 0)
            {
                label++;
            }

            flipped[i] = random.NextDouble() < Share;
            score[i] = probabilities[i * classes + (flipped[i] ? (label + 1 + random.Next(classes - 1)) % classes : label)];
        }

        return Precision(score, flipped);
    }

    private static (Target Noisy, bool[] Flipped) Flip(Target y, int seed)
    {
        var random = new Random(seed);
        var flipped = y.Labels.Select(_ => random.NextDouble() < Share).ToArray();
        return (Target.Classification([.. y.Labels.Select((label, i) => flipped[i] ? (label + 1 + random.Next(y.Classes.Length - 1)) % y.Classes.Length : label)], y.Classes), flipped);
    }
}
