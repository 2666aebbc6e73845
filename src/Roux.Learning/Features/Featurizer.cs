using Roux.Learning.Data;
using Roux.Learning.Features.Columns;
using Roux.Learning.Features.Tokens;

namespace Roux.Learning.Features;

/// <summary>Learns, from training rows alone, how the columns of a table become features.</summary>
public static class Featurizer
{
    /// <summary>Fits to training rows.</summary>
    /// <param name="training">The training rows.</param>
    /// <param name="columns">The columns to use; those whose role gives no features (target, id, constant, ignore) are passed over.</param>
    /// <param name="y">Answers of the training rows, in the scale that the model is to learn.</param>
    /// <param name="form">The form wanted.</param>
    /// <param name="seed">Decides the inner folds of target encodings.</param>
    /// <param name="threads">Threads that may work at once, at least 1; the result does not depend on it.</param>
    /// <param name="ct">Asks to stop.</param>
    /// <returns>
    /// The featurizer for rows to come, and the features of the training rows. These are not what <see cref="FittedFeaturizer.Transform(Table, CancellationToken)"/>
    /// would give for the same rows where a level was replaced by its target mean: that of a training row is computed without its inner fold.
    /// </returns>
    /// <exception cref="DataException">A column is not in the table, or the answers are not one per row.</exception>
    public static (FittedFeaturizer Featurizer, FeatureMatrix Training) Fit(
        Table training, IReadOnlyList<ColumnSpec> columns, Target y, FeatureForm form, int seed, int threads, CancellationToken ct)
    {
        if (y.Count != training.RowCount)
        {
            throw new DataException($"{training.RowCount} rows but {y.Count} answers: give one answer per row");
        }

        if (training.RowCount == 0)
        {
            throw new DataException($"{training.Name} has no rows to learn from");
        }

        columns = form.Categories == CategoryEncoding.None ? [] : columns;
        var folds = new Lazy<InnerFolds>(() => InnerFolds.Make(y, seed));
        var pieces = form.Tokens is { } tokens ? new Lazy<WordPieces>(() => Pieces(training, columns, tokens, ct)) : null;
        var fitted = new FittedColumn?[columns.Count];
        ParallelLoop.For(fitted.Length, threads, i =>
        {
            var spec = columns[i];
            if (spec.Role is ColumnRole.Id or ColumnRole.Constant or ColumnRole.Target or ColumnRole.Ignore)
            {
                return;
            }

            var values = FittedFeaturizer.Find(training, spec.Name);
            fitted[i] = ColumnFeaturizerCatalog.Fit(new ColumnFit(spec, values, y, form, folds, pieces, threads, ct));
        }, ct);
        var used = fitted.OfType<FittedColumn>().Where(column => column.Featurizer.Features.Count > 0).ToArray();
        var encoded = Array.ConvertAll(used, column => column.Training);
        var featurizer = FittedFeaturizer.Make(form, Array.ConvertAll(used, column => column.Featurizer), encoded, training.RowCount);
        return (featurizer, featurizer.Assemble(encoded, training.RowCount, threads, ct));
    }

    private static WordPieces Pieces(Table training, IReadOnlyList<ColumnSpec> columns, TokenForm form, CancellationToken ct) => form.Folder is { } folder
        ? WordPieces.OfFolder(folder)
        : WordPieces.Learn(
            columns.Where(column => column.Role == ColumnRole.Text).Select(column => ColumnConversion.ToText(FittedFeaturizer.Find(training, column.Name))), form.VocabularySize, ct);
}
