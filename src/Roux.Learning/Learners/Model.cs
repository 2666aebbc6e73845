using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners;

/// <summary>A fitted model. Immutable; predicting is safe from many threads.</summary>
public abstract class Model
{
    /// <summary>Names the stored form; <see cref="ModelCatalog"/> finds the reader by it.</summary>
    public abstract string Kind { get; }

    /// <summary>Predicts all rows of a matrix with the features that it was fitted on.</summary>
    public abstract Predictions Predict(FeatureMatrix x);

    /// <summary>How much each feature contributed (gain, absolute weight), non-negative, one per feature; <c>null</c> where the family has no such notion.</summary>
    public virtual double[]? Importance => null;

    /// <summary>Number of learned numbers: a measure of size.</summary>
    public abstract long ParameterCount { get; }

    /// <summary>Writes all that <see cref="ModelCatalog.Read"/> needs, under the archive's current folder.</summary>
    public abstract void Write(ArchiveWriter archive);
}
