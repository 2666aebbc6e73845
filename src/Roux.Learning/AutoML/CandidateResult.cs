using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>What cross-validation found out about one candidate.</summary>
public sealed record CandidateResult
{
    /// <summary>Unique within a search.</summary>
    public required string Name { get; init; }

    /// <summary>The learner's name, or <c>ensemble</c>.</summary>
    public required string LearnerName { get; init; }

    /// <summary>Such as <c>linear</c> or <c>boosting</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Order of complexity, 0 (a constant) to 100.</summary>
    public required int Complexity { get; init; }

    /// <summary>The candidate itself; <c>null</c> for an ensemble.</summary>
    public Candidate? Candidate { get; init; }

    /// <summary>For an ensemble: names of the members and their weights, which sum to 1.</summary>
    public IReadOnlyList<(string Name, double Weight)> Members { get; init; } = [];

    /// <summary>The headline metric on each fold's held-out rows, in the order of the folds. Shorter than the list of folds when the candidate was stopped early.</summary>
    public required double[] Scores { get; init; }

    /// <summary>Predictions for each scored fold's held-out rows.</summary>
    public required Predictions[] FoldPredictions { get; init; }

    /// <summary>Number of folds that a complete candidate has.</summary>
    public required int Folds { get; init; }

    /// <summary>Mean seconds to make features and fit, per fold.</summary>
    public double FitSeconds { get; init; }

    /// <summary>Mean microseconds to predict one row, in batches, features not included.</summary>
    public double PredictMicrosecondsPerRow { get; init; }

    /// <summary>Bytes of the stored model of the first fold.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Mean processor seconds of a fold: features, fit and prediction; NaN where not known.</summary>
    public double CpuSeconds { get; init; } = double.NaN;

    /// <summary>Largest resident memory of the whole process while it was scored, in bytes; 0 where not known.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Learned numbers of the model of the first fold.</summary>
    public long ParameterCount { get; init; }

    /// <summary>Why it was not completed (slower or clearly worse than the others, or an error); <c>null</c> when it was.</summary>
    public string? Stopped { get; init; }

    /// <summary>Further figures, recorded with its run.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    /// <summary>The tracked run that holds it.</summary>
    public string? RunId { get; init; }

    /// <summary>Whether every fold was scored.</summary>
    public bool IsComplete => Scores.Length == Folds;

    /// <summary>Mean of the fold scores; NaN without any.</summary>
    public double Mean => Scores.Length == 0 ? double.NaN : Scores.Average();

    /// <summary>Sample standard deviation of the fold scores; 0 with fewer than two.</summary>
    public double StandardDeviation
    {
        get
        {
            if (Scores.Length < 2)
            {
                return 0;
            }

            var mean = Mean;
            return Math.Sqrt(Scores.Sum(score => (score - mean) * (score - mean)) / (Scores.Length - 1));
        }
    }
}
