using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>Numbers and truth values: missing ones imputed by the median with an indicator, or kept as NaN; heavy tails compressed; scaled.</summary>
internal sealed class NumericFeaturizer : ColumnFeaturizer
{
    /// <summary>Names the stored form.</summary>
    public const string KindName = "numeric";

    private readonly double? impute;
    private readonly TailCompression tails;
    private readonly Scaler scaler;

    private NumericFeaturizer(ColumnSpec spec, IReadOnlyList<Feature> features, double? impute, TailCompression tails, Scaler scaler) : base(spec, features) =>
        (this.impute, this.tails, this.scaler) = (impute, tails, scaler);

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Fits to training rows.</summary>
    public static FittedColumn Fit(ColumnFit fit)
    {
        var isBoolean = fit.Spec.Role == ColumnRole.Boolean;
        var values = ColumnConversion.ToNumbers(fit.Values);
        var scaling = isBoolean ? Scaling.None : fit.Form.Scale;
        double? impute = null;
        var (tails, scaler) = (TailCompression.None, Scaler.None);
        List<Feature> features = [fit.Feature("", isBoolean ? FeatureKind.Indicator : FeatureKind.Numeric)];
        if (!fit.Form.KeepMissing || scaling != Scaling.None)
        {
            var sorted = Array.FindAll(values, double.IsFinite);
            Array.Sort(sorted);
            if (!fit.Form.KeepMissing)
            {
                impute = isBoolean ? Math.Ceiling(Median(sorted) - 0.5) : Median(sorted);
                if (sorted.Length < values.Length)
                {
                    features.Add(fit.Feature("=(missing)", FeatureKind.Indicator));
                }
            }

            if (scaling != Scaling.None)
            {
                tails = TailCompression.Fit(values, sorted, fit.Y);
                scaler = Scaler.Fit(scaling, values.Select(value => tails.Apply(double.IsFinite(value) ? value : impute ?? double.NaN)));
            }
        }

        var featurizer = new NumericFeaturizer(fit.Spec, features, impute, tails, scaler);
        return new FittedColumn(featurizer, featurizer.Encode(fit.Values));
    }

    /// <inheritdoc/>
    public override EncodedColumn Encode(Column values) => new Encoded(ColumnConversion.ToNumbers(values), this);

    /// <inheritdoc/>
    public override void Write(JsonObject json, ArchiveWriter archive)
    {
        json["impute"] = impute;
        json["indicator"] = Features.Count > 1;
        json["tails"] = tails.ToJson();
        json["scaler"] = scaler.ToJson();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static NumericFeaturizer Read(ColumnSpec spec, JsonNode json)
    {
        List<Feature> features = [new Feature(spec.Name, spec.Name, spec.Role == ColumnRole.Boolean ? FeatureKind.Indicator : FeatureKind.Numeric)];
        if (json.Bool("indicator"))
        {
            features.Add(new Feature(spec.Name + "=(missing)", spec.Name, FeatureKind.Indicator));
        }

        return new NumericFeaturizer(
            spec, features, json.HasField("impute") ? json.Double("impute") : null, TailCompression.FromJson(json.Field("tails")), Scaler.FromJson(json.Field("scaler")));
    }

    private static double Median(double[] sorted) =>
        sorted.Length == 0 ? 0 : sorted[(sorted.Length - 1) / 2] / 2 + sorted[sorted.Length / 2] / 2;

    private sealed class Encoded(double[] values, NumericFeaturizer featurizer) : EncodedColumn
    {
        private readonly float missing = featurizer.impute is { } impute ? featurizer.scaler.Apply(featurizer.tails.Apply(impute)) : float.NaN;
        private readonly bool indicator = featurizer.Features.Count > 1;

        public override void Emit(int row, RowSink sink)
        {
            var value = values[row];
            if (double.IsFinite(value))
            {
                sink.Add(0, featurizer.scaler.Apply(featurizer.tails.Apply(value)));
                return;
            }

            sink.Add(0, missing);
            if (indicator)
            {
                sink.Add(1, 1);
            }
        }
    }
}
