using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features.Tokens;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>Turns one column of a table into features. Fitted once; immutable.</summary>
internal abstract class ColumnFeaturizer(ColumnSpec column, IReadOnlyList<Feature> features)
{
    /// <summary>The column it reads.</summary>
    public ColumnSpec Column { get; } = column;

    /// <summary>What it makes, in the order of the numbers that <see cref="EncodedColumn.Emit"/> gives.</summary>
    public IReadOnlyList<Feature> Features { get; } = features;

    /// <summary>Names the stored form.</summary>
    public abstract string Kind { get; }

    /// <summary>Mean number of terms in a training row, for columns whose rows of term weights have a common norm; else 0.</summary>
    public virtual double TermsPerRow => 0;

    /// <summary>The Euclidean norm of a row of term weights. Set once, when the columns of a table are put together.</summary>
    public double RowNorm { get; set; } = 1;

    /// <summary>Prepares the rows of a column that no fit has seen.</summary>
    /// <exception cref="DataException">Its values cannot be read as what the featurizer was fitted on.</exception>
    public abstract EncodedColumn Encode(Column values);

    /// <summary>Writes all that <see cref="ColumnFeaturizerCatalog.Read"/> needs: small things into the JSON, large ones beside it.</summary>
    public abstract void Write(JsonObject json, ArchiveWriter archive);
}

/// <summary>A column whose rows are ready to be written as features. Safe to use from many threads.</summary>
internal abstract class EncodedColumn
{
    /// <summary>Adds the features of a row to the sink, in ascending order of their number within the featurizer.</summary>
    public abstract void Emit(int row, RowSink sink);
}

/// <summary>A featurizer, and the training rows as a model is to see them (out-of-fold where the target was used).</summary>
internal sealed record FittedColumn(ColumnFeaturizer Featurizer, EncodedColumn Training);

/// <summary>What a column is fitted on.</summary>
/// <param name="Spec">Name and role.</param>
/// <param name="Values">The training rows.</param>
/// <param name="Y">Answers of the training rows.</param>
/// <param name="Form">The form wanted.</param>
/// <param name="Folds">Inner folds for out-of-fold encodings.</param>
/// <param name="Pieces">The vocabulary of all text columns; <c>null</c> where the form wants no tokens.</param>
/// <param name="Threads">Threads that may work at once.</param>
/// <param name="Cancellation">Asks to stop.</param>
internal sealed record ColumnFit(
    ColumnSpec Spec, Column Values, Target Y, FeatureForm Form, Lazy<InnerFolds> Folds, Lazy<WordPieces>? Pieces, int Threads, CancellationToken Cancellation)
{
    /// <summary>Number of training rows.</summary>
    public int Rows => Values.Length;

    /// <summary>Whether the features go to trees, which need neither scaling nor cyclic dates.</summary>
    public bool ForTrees => Form.Scale == Scaling.None;

    /// <summary>A feature of this column.</summary>
    public Feature Feature(string suffix, FeatureKind kind, int levels = 0) => new(Spec.Name + suffix, Spec.Name, kind, levels);
}
