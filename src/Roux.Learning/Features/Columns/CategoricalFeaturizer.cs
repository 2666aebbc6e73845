using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>
/// Levels as numbers. One-hot: a 0/1 feature a level, rare levels sharing one, missing as a level of its own. Codes: integers by
/// frequency. Many levels are (also) replaced by their target mean, out-of-fold in training, and the logarithm of their count.
/// Which parts a column gets is decided by <see cref="Plan.Make"/>.
/// </summary>
internal sealed class CategoricalFeaturizer : ColumnFeaturizer
{
    /// <summary>Names the stored form.</summary>
    public const string KindName = "categorical";

    /// <summary>More kept levels than this are not worth a feature each for linear models.</summary>
    public const int MaxOneHot = 150;

    /// <summary>Forms for trees without category splits spread so few levels over 0/1 features; more are replaced by their mean.</summary>
    public const int MaxOneHotForTrees = 10;

    /// <summary>Codes of more levels than this are helped by the target mean.</summary>
    public const int MaxPlainCodes = 30;

    /// <summary>More levels than this have no code: a tree would only memorise rows.</summary>
    public const int MaxCodes = 1000;

    private readonly LevelIndex levels;
    private readonly Plan plan;
    private readonly TargetMeans? means;
    private readonly Scaler[] scalers;

    private CategoricalFeaturizer(ColumnSpec spec, LevelIndex levels, Plan plan, TargetMeans? means, Scaler[] scalers)
        : base(spec, MakeFeatures(spec, levels, plan, means)) =>
        (this.levels, this.plan, this.means, this.scalers) = (levels, plan, means, scalers);

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Fits to training rows.</summary>
    public static FittedColumn Fit(ColumnFit fit)
    {
        var text = ColumnConversion.ToText(fit.Values);
        var all = LevelIndex.Fit(text);
        var plan = Plan.Make(all, text.CountMissing(), fit);
        var levels = all.First(plan.Levels);
        var levelOfRow = levels.Find(fit.Values);
        if (!plan.Means)
        {
            var plain = new CategoricalFeaturizer(fit.Spec, levels, plan, null, []);
            return new FittedColumn(plain, new Encoded(levelOfRow, plain, null));
        }

        // Missing is a level like any other to the means.
        var slots = Array.ConvertAll(levelOfRow, level => level == LevelIndex.Missing ? levels.Count : level);
        var (means, outOfFold) = TargetMeans.Fit(slots, levels.Count + 1, fit.Y, fit.Folds.Value);
        var width = means.Outputs.Length;
        var scalers = new Scaler[width + 1];
        for (var output = 0; output < width; output++)
        {
            var values = Enumerable.Range(0, fit.Rows).Select(row => (double)outOfFold[row * width + output]);
            scalers[output] = Scaler.Fit(fit.Form.Scale, values, smallest: 0.05 * Deviation(fit.Y, means, output));
        }

        scalers[width] = Scaler.Fit(fit.Form.Scale, levelOfRow.Select(level => LogCount(levels, level)));
        var featurizer = new CategoricalFeaturizer(fit.Spec, levels, plan, means, scalers);
        return new FittedColumn(featurizer, new Encoded(levelOfRow, featurizer, outOfFold));
    }

    /// <inheritdoc/>
    public override EncodedColumn Encode(Column values) => new Encoded(levels.Find(values), this, null);

    /// <inheritdoc/>
    public override void Write(JsonObject json, ArchiveWriter archive)
    {
        json["oneHot"] = plan.OneHot;
        json["other"] = plan.Other;
        json["missing"] = plan.Missing;
        json["code"] = plan.Code;
        archive.WriteJson("levels", ArchiveJson.ToJson(levels.Levels));
        archive.WriteArray("counts", levels.Counts);
        if (means is not null)
        {
            json["scalers"] = new JsonArray([.. scalers.Select(scaler => scaler.ToJson())]);
            means.Write(archive);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CategoricalFeaturizer Read(ColumnSpec spec, JsonNode json, ArchiveReader archive)
    {
        var levels = ArchiveJson.TextsOf(archive.ReadJson("levels"), "levels");
        var counts = archive.ReadInts("counts");
        ArchiveJson.Require(levels.Length == counts.Length, $"column '{spec.Name}': {levels.Length} levels, {counts.Length} counts");
        var hasMeans = json.HasField("scalers");
        var plan = new Plan(levels.Length, json.Bool("oneHot"), json.Bool("other"), json.Bool("missing"), json.Bool("code"), hasMeans);
        if (!hasMeans)
        {
            return new CategoricalFeaturizer(spec, new LevelIndex(levels, counts), plan, null, []);
        }

        var means = TargetMeans.Read(archive, levels.Length + 1);
        Scaler[] scalers = [.. json.List("scalers").Select(item => Scaler.FromJson(item.AsObjectOf("a scaler")))];
        ArchiveJson.Require(scalers.Length == means.Outputs.Length + 1, $"column '{spec.Name}': {scalers.Length} scalers for {means.Outputs.Length} means");
        return new CategoricalFeaturizer(spec, new LevelIndex(levels, counts), plan, means, scalers);
    }

    private static Feature[] MakeFeatures(ColumnSpec spec, LevelIndex levels, Plan plan, TargetMeans? means)
    {
        var features = new List<Feature>();
        if (plan.OneHot)
        {
            features.AddRange(levels.Levels.Select(level => new Feature($"{spec.Name}={level}", spec.Name, FeatureKind.Indicator)));
        }

        if (plan.Other)
        {
            features.Add(new Feature($"{spec.Name}=(other)", spec.Name, FeatureKind.Indicator));
        }

        if (plan.Missing)
        {
            features.Add(new Feature($"{spec.Name}=(missing)", spec.Name, FeatureKind.Indicator));
        }

        if (plan.Code)
        {
            features.Add(new Feature(spec.Name, spec.Name, FeatureKind.Category, levels.Count));
        }

        if (means is not null)
        {
            features.AddRange(means.Outputs.Select(output => new Feature(
                output.Length == 0 ? $"{spec.Name}@mean" : $"{spec.Name}@mean({output})", spec.Name, FeatureKind.Numeric)));
            features.Add(new Feature($"{spec.Name}@log-count", spec.Name, FeatureKind.Numeric));
        }

        return [.. features];
    }

    /// <summary>Levels left out of the index and unknown ones count as seen once.</summary>
    private static double LogCount(LevelIndex levels, int level) => Math.Log(1 + (level < 0 ? 1 : levels.Counts[level]));

    private static double Deviation(Target y, TargetMeans means, int output)
    {
        var prior = means.Priors[output];
        return Math.Sqrt(y.Task == TaskKind.Regression ? y.Values.Average(value => (value - prior) * (value - prior)) : prior * (1 - prior));
    }

    /// <summary>What a column becomes.</summary>
    /// <param name="Levels">Number of levels that are told apart, the most frequent.</param>
    /// <param name="OneHot">A 0/1 feature for each.</param>
    /// <param name="Other">A 0/1 feature for all further levels.</param>
    /// <param name="Missing">A 0/1 feature for missing.</param>
    /// <param name="Code">One integer code.</param>
    /// <param name="Means">Target means and the log count.</param>
    internal sealed record Plan(int Levels, bool OneHot, bool Other, bool Missing, bool Code, bool Means)
    {
        /// <summary>Decides by the form wanted and the levels seen.</summary>
        public static Plan Make(LevelIndex all, int missing, ColumnFit fit)
        {
            // A level in fewer rows than this cannot be told from noise: 0.1% of the rows, at least 2, at most 20.
            var frequent = all.CountAtLeast(Math.Clamp(fit.Rows / 1000, 2, 20));
            var repeated = Math.Max(1, all.CountAtLeast(2)); // the mean of a level that was seen once is the prior, nearly
            repeated = Math.Min(repeated, all.Count);
            switch (fit.Form.Categories)
            {
                case CategoryEncoding.OneHot when frequent <= MaxOneHot:
                case CategoryEncoding.TargetMean when all.Count <= MaxOneHotForTrees:
                    return new Plan(frequent, true, frequent < all.Count, missing > 0, false, false);
                case CategoryEncoding.OneHot:
                    return new Plan(repeated, false, false, missing > 0, false, true);
                case CategoryEncoding.Codes when all.Count <= MaxPlainCodes:
                    return new Plan(all.Count, false, false, false, true, false);
                case CategoryEncoding.Codes:
                    return new Plan(repeated, false, false, false, repeated <= MaxCodes, true);
                default:
                    return new Plan(repeated, false, false, false, false, true);
            }
        }
    }

    private sealed class Encoded(int[] levelOfRow, CategoricalFeaturizer featurizer, float[]? outOfFold) : EncodedColumn
    {
        public override void Emit(int row, RowSink sink)
        {
            var (plan, means, levels) = (featurizer.plan, featurizer.means, featurizer.levels);
            var level = levelOfRow[row];
            var next = 0;
            if (plan.OneHot)
            {
                if (level >= 0)
                {
                    sink.Add(level, 1);
                }

                next = levels.Count;
            }

            if (plan.Other && level == -1)
            {
                sink.Add(next, 1);
            }

            next += plan.Other ? 1 : 0;
            if (plan.Missing && level == LevelIndex.Missing)
            {
                sink.Add(next, 1);
            }

            next += plan.Missing ? 1 : 0;
            if (plan.Code)
            {
                sink.Add(next++, level < 0 ? float.NaN : level);
            }

            if (means is not null)
            {
                EmitMeans(row, level, next, means, sink);
            }
        }

        private void EmitMeans(int row, int level, int next, TargetMeans means, RowSink sink)
        {
            var width = means.Outputs.Length;
            var slot = level == LevelIndex.Missing ? featurizer.levels.Count : level;
            for (var output = 0; output < width; output++)
            {
                var mean = outOfFold is null ? means[slot, output] : outOfFold[row * width + output];
                sink.Add(next + output, featurizer.scalers[output].Apply(mean));
            }

            sink.Add(next + width, featurizer.scalers[width].Apply(LogCount(featurizer.levels, level)));
        }
    }
}
