using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>
/// Weighted averages of candidates by greedy forward selection with replacement over their out-of-fold predictions
/// (Caruana, Niculescu-Mizil, Crew and Ksikes, "Ensemble selection from libraries of models", ICML 2004), bagged over random
/// halves of the library (section 2.3 there), without which it overfits the few rows of a small table.
/// </summary>
internal static class EnsembleSelection
{
    private const int MaxRounds = 20;
    private const int MaxRowsPerFold = 4_000;
    private const double LeastWeight = 0.04;

    /// <summary>
    /// Builds the best ensemble of some candidates and scores it honestly: for each fold the weights are chosen on the
    /// other folds alone. The weights of the ensemble itself come from all folds.
    /// </summary>
    /// <returns>The ensemble, or <c>null</c> when no two candidates together beat the best of them.</returns>
    public static CandidateResult? Build(IReadOnlyList<CandidateResult> library, IReadOnlyList<Target> foldTargets, Metric metric, CancellationToken cancellation)
    {
        if (library.Count < 2)
        {
            return null;
        }

        var folds = foldTargets.Count;
        var sampled = Sample(library, foldTargets);
        var scores = new double[folds];
        var predictions = new Predictions[folds];
        var all = Enumerable.Range(0, folds).ToArray();
        Parallel.For(0, folds, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, fold =>
        {
            var weights = Select(sampled, folds == 1 ? all : [.. all.Where(other => other != fold)], metric, cancellation);
            predictions[fold] = Blend([.. library.Select(member => member.FoldPredictions[fold])], weights);
            scores[fold] = metric.Compute(foldTargets[fold], predictions[fold]);
        });

        var final = Select(sampled, all, metric, cancellation);
        var members = library.Select((member, i) => (member, weight: final[i])).Where(pair => pair.weight > 0).OrderByDescending(pair => pair.weight).ToList();
        return members.Count < 2 ? null : new CandidateResult
        {
            Name = "ensemble",
            LearnerName = "ensemble",
            Family = "ensemble",
            Complexity = 100,
            Members = [.. members.Select(pair => (pair.member.Name, pair.weight))],
            Scores = scores,
            FoldPredictions = predictions,
            Folds = folds,
            FitSeconds = members.Sum(pair => pair.member.FitSeconds),
            PredictMicrosecondsPerRow = members.Sum(pair => pair.member.PredictMicrosecondsPerRow),
            SizeBytes = members.Sum(pair => pair.member.SizeBytes),
            CpuSeconds = members.Sum(pair => pair.member.CpuSeconds),
            PeakMemoryBytes = members.Max(pair => pair.member.PeakMemoryBytes),
            ParameterCount = members.Sum(pair => pair.member.ParameterCount),
        };
    }

    /// <summary>The weighted average of predictions.</summary>
    public static Predictions Blend(IReadOnlyList<Predictions> parts, double[] weights)
    {
        var values = new double[parts[0].Values.Length];
        for (var m = 0; m < parts.Count; m++)
        {
            if (weights[m] > 0)
            {
                Accumulate(values, parts[m].Values, weights[m]);
            }
        }

        return new Predictions(parts[0].Task, parts[0].Width, values);
    }

    private static void Accumulate(double[] sum, double[] part, double weight)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * part[i];
        }
    }

    /// <summary>The mean of the weights that greedy selection finds in random halves of the library; members of hardly any weight are left out.</summary>
    private static double[] Select(SampledLibrary library, int[] folds, Metric metric, CancellationToken cancellation)
    {
        var candidates = library.Predictions.Length;
        var bags = library.Targets.Sum(target => target.Count) < 5_000 ? 16 : 4;
        var weights = new double[candidates];
        var random = new Random(candidates); // the same library gives the same halves
        for (var bag = 0; bag < bags; bag++)
        {
            var order = Enumerable.Range(0, candidates).ToArray();
            random.Shuffle(order);
            var half = order.AsSpan(0, Math.Max(2, (candidates + 1) / 2)).ToArray();
            Array.Sort(half);
            var found = Greedy(library, half, folds, metric, cancellation);
            for (var m = 0; m < candidates; m++)
            {
                weights[m] += found[m] / bags;
            }
        }

        var kept = Array.ConvertAll(weights, weight => weight < LeastWeight ? 0 : weight);
        var total = kept.Sum();
        return total > 0 ? Array.ConvertAll(kept, weight => weight / total) : weights;
    }

    /// <summary>Greedy selection: starts from the best single candidate, adds whichever helps most, until none helps.</summary>
    private static double[] Greedy(SampledLibrary library, int[] members, int[] folds, Metric metric, CancellationToken cancellation)
    {
        var candidates = library.Predictions.Length;
        var sums = folds.Select(fold => new double[library.Predictions[0][fold].Values.Length]).ToArray();
        var counts = new int[candidates];
        var best = double.NaN;
        var bestCounts = counts;
        for (var round = 1; round <= MaxRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (winner, winnerScore) = (-1, double.NaN);
            foreach (var m in members)
            {
                var score = folds.Select((fold, i) => ScoreWith(library, sums[i], m, fold, round, metric)).Average();
                if (winner < 0 || Better(score, winnerScore, metric))
                {
                    (winner, winnerScore) = (m, score);
                }
            }

            for (var i = 0; i < folds.Length; i++)
            {
                Accumulate(sums[i], library.Predictions[winner][folds[i]].Values, 1);
            }

            counts = [.. counts];
            counts[winner]++;
            if (round == 1 || Better(winnerScore, best, metric))
            {
                (best, bestCounts) = (winnerScore, counts);
            }
            else if (round - bestCounts.Sum() >= 4)
            {
                break;
            }
        }

        var total = bestCounts.Sum();
        return [.. bestCounts.Select(count => (double)count / total)];
    }

    private static double ScoreWith(SampledLibrary library, double[] sum, int candidate, int fold, int count, Metric metric)
    {
        var part = library.Predictions[candidate][fold];
        var values = new double[sum.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (sum[i] + part.Values[i]) / count;
        }

        return metric.Compute(library.Targets[fold], new Predictions(part.Task, part.Width, values));
    }

    private static bool Better(double a, double b, Metric metric) => !double.IsNaN(a) && (double.IsNaN(b) || (metric.HigherIsBetter ? a > b : a < b));

    /// <summary>Selection looks at evenly spaced rows of large folds: it only compares, and many thousands of rows are enough for that.</summary>
    private static SampledLibrary Sample(IReadOnlyList<CandidateResult> library, IReadOnlyList<Target> targets)
    {
        var rows = targets.Select(target => target.Count <= MaxRowsPerFold
            ? Enumerable.Range(0, target.Count).ToArray()
            : [.. Enumerable.Range(0, MaxRowsPerFold).Select(i => (int)((long)i * target.Count / MaxRowsPerFold))]).ToArray();
        return new SampledLibrary(
            [.. targets.Select((target, fold) => target.Take(rows[fold]))],
            [.. library.Select(member => member.FoldPredictions.Select((predictions, fold) => predictions.Take(rows[fold])).ToArray())]);
    }

    private sealed record SampledLibrary(Target[] Targets, Predictions[][] Predictions);
}
