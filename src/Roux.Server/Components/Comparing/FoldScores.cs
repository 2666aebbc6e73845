namespace Roux.Server.Components.Comparing;

/// <summary>A run's scores in the folds of a cross-validation.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scores">One a fold, by the number of the fold.</param>
/// <param name="Folds">What tells whether the folds of two runs hold the same rows: equal where they do; empty where nothing tells.</param>
/// <param name="Data">Digest of the data; empty where nothing tells.</param>
/// <param name="TestTrainRatio">Rows tested over rows trained in a fold.</param>
internal sealed record FoldScores(string RunId, string Name, IReadOnlyDictionary<long, double> Scores, string Folds, string Data, double TestTrainRatio)
{
    /// <summary>Whether scores of two runs may be paired fold by fold, and what has to be taken for granted then.</summary>
    /// <returns><c>null</c> as reason: they may not, and why; an empty assumption: nothing is taken for granted.</returns>
    public (bool May, string Note) Pairs(FoldScores other)
    {
        if (Folds.Length > 0 && other.Folds.Length > 0)
        {
            return Folds == other.Folds ? (true, "") : (false, "their folds hold different rows");
        }

        if (Data.Length > 0 && other.Data.Length > 0 && Data != other.Data)
        {
            return (false, "they were scored on different data");
        }

        return Scores.Count == other.Scores.Count && Scores.Keys.All(other.Scores.ContainsKey)
            ? (true, Data.Length > 0 && other.Data.Length > 0 ? "the data is the same; that folds of one number hold the same rows is taken for granted" : "that folds of one number hold the same rows is taken for granted")
            : (false, "they have different numbers of folds");
    }
}
