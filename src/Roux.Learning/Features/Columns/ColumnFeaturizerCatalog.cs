using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>Chooses a featurizer by a column's role, and the reader of a stored one by its kind.</summary>
internal static class ColumnFeaturizerCatalog
{
    /// <summary>Fits the featurizer for a column; <c>null</c> when its role gives no features.</summary>
    public static FittedColumn? Fit(ColumnFit fit) => fit.Form.Tokens is not null ? fit.Spec.Role == ColumnRole.Text ? TokenFeaturizer.Fit(fit) : null : fit.Spec.Role switch
    {
        ColumnRole.Numeric or ColumnRole.Boolean => NumericFeaturizer.Fit(fit),
        ColumnRole.Categorical => CategoricalFeaturizer.Fit(fit),
        ColumnRole.Text => TextFeaturizer.Fit(fit),
        ColumnRole.Date => DateFeaturizer.Fit(fit),
        ColumnRole.List => ListFeaturizer.Fit(fit),
        _ => null,
    };

    /// <summary>Reads what <see cref="ColumnFeaturizer.Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The kind is unknown or its parts do not fit together.</exception>
    public static ColumnFeaturizer Read(string kind, ColumnSpec spec, JsonNode json, ArchiveReader archive) => kind switch
    {
        NumericFeaturizer.KindName => NumericFeaturizer.Read(spec, json),
        CategoricalFeaturizer.KindName => CategoricalFeaturizer.Read(spec, json, archive),
        TextFeaturizer.KindName => TextFeaturizer.Read(spec, json, archive),
        DateFeaturizer.KindName => DateFeaturizer.Read(spec, json),
        TokenFeaturizer.KindName => TokenFeaturizer.Read(spec, json, archive),
        ListFeaturizer.KindName => ListFeaturizer.Read(spec, json, archive),
        _ => throw new InvalidDataException($"column '{spec.Name}': featurizer kind '{kind}' is unknown to this version"),
    };
}
