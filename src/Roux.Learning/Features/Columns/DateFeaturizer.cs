using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Features.Columns;

/// <summary>
/// Points in time, split into parts. Trees get year, month, day, weekday, day of the year and hour as they are; other models get
/// the cyclic parts as sine and cosine, so that December lies next to January. Both get the days since 1970. Parts that never
/// change in training are left out.
/// </summary>
internal sealed class DateFeaturizer : ColumnFeaturizer
{
    /// <summary>Names the stored form.</summary>
    public const string KindName = "date";

    private static readonly DatePart[] TreeParts =
        [DatePart.Days, DatePart.Year, DatePart.Month, DatePart.Day, DatePart.Weekday, DatePart.DayOfYear, DatePart.Hour];

    private static readonly DatePart[] CyclicParts =
        [DatePart.Days, DatePart.YearSine, DatePart.YearCosine, DatePart.WeekSine, DatePart.WeekCosine, DatePart.DaySine, DatePart.DayCosine];

    private readonly DatePart[] parts;
    private readonly Scaler[] scalers;
    private readonly double[]? impute;
    private readonly bool indicator;

    private DateFeaturizer(ColumnSpec spec, DatePart[] parts, Scaler[] scalers, double[]? impute, bool indicator)
        : base(spec, MakeFeatures(spec, parts, indicator)) =>
        (this.parts, this.scalers, this.impute, this.indicator) = (parts, scalers, impute, indicator);

    /// <summary>What can be asked of a date. Names are stored.</summary>
    private enum DatePart
    {
        Days, Year, Month, Day, Weekday, DayOfYear, Hour, YearSine, YearCosine, WeekSine, WeekCosine, DaySine, DayCosine,
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Fits to training rows.</summary>
    public static FittedColumn Fit(ColumnFit fit)
    {
        var ticks = ColumnConversion.ToTicks(fit.Values);
        var known = Array.FindAll(ticks, tick => tick != DateColumn.Missing);
        var parts = Array.FindAll(
            fit.ForTrees ? TreeParts : CyclicParts,
            part => part == DatePart.Days || known.Any(tick => Value(part, tick) != Value(part, known[0])));
        Array.Sort(known);
        var scalers = Array.ConvertAll(parts, part => part == DatePart.Days
            ? Scaler.Fit(fit.Form.Scale, known.Select(tick => Value(part, tick)))
            : part >= DatePart.YearSine && fit.Form.Scale == Scaling.MinMax ? new Scaler(-1, 0.5, true) // sines run from -1 to 1
            : Scaler.None);
        double[]? impute = null;
        if (!fit.Form.KeepMissing)
        {
            // A cyclic part has no middle: missing dates lie at the centre of the circle.
            impute = Array.ConvertAll(parts, part => known.Length == 0 || part >= DatePart.YearSine ? 0 : Value(part, known[known.Length / 2]));
        }

        var featurizer = new DateFeaturizer(fit.Spec, parts, scalers, impute, impute is not null && known.Length < ticks.Length);
        return new FittedColumn(featurizer, new Encoded(ticks, featurizer));
    }

    /// <inheritdoc/>
    public override EncodedColumn Encode(Column values) => new Encoded(ColumnConversion.ToTicks(values), this);

    /// <inheritdoc/>
    public override void Write(JsonObject json, ArchiveWriter archive)
    {
        json["parts"] = ArchiveJson.ToJson(parts.Select(part => part.ToString()));
        json["scalers"] = new JsonArray([.. scalers.Select(scaler => scaler.ToJson())]);
        json["impute"] = impute is null ? null : new JsonArray([.. impute.Select(value => (JsonNode)value)]);
        json["indicator"] = indicator;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DateFeaturizer Read(ColumnSpec spec, JsonNode json)
    {
        var parts = Array.ConvertAll(json.Texts("parts"), text => new JsonObject { ["part"] = text }.Named<DatePart>("part"));
        Scaler[] scalers = [.. json.List("scalers").Select(item => Scaler.FromJson(item.AsObjectOf("a scaler")))];
        double[]? impute = json.HasField("impute")
            ? [.. json.List("impute").Select(item => new JsonObject { ["impute"] = item?.DeepClone() }.Double("impute"))] : null;
        ArchiveJson.Require(scalers.Length == parts.Length && (impute is null || impute.Length == parts.Length), $"date column '{spec.Name}': parts, scalers and imputed values differ in number");
        return new DateFeaturizer(spec, parts, scalers, impute, json.Bool("indicator"));
    }

    private static Feature[] MakeFeatures(ColumnSpec spec, DatePart[] parts, bool indicator)
    {
        var features = parts.Select(part => new Feature($"{spec.Name}@{Suffix(part)}", spec.Name, FeatureKind.Numeric));
        return [.. indicator ? features.Append(new Feature(spec.Name + "=(missing)", spec.Name, FeatureKind.Indicator)) : features];
    }

    private static string Suffix(DatePart part) => part switch
    {
        DatePart.Days => "days",
        DatePart.Year => "year",
        DatePart.Month => "month",
        DatePart.Day => "day",
        DatePart.Weekday => "weekday",
        DatePart.DayOfYear => "day-of-year",
        DatePart.Hour => "hour",
        DatePart.YearSine => "year-sin",
        DatePart.YearCosine => "year-cos",
        DatePart.WeekSine => "week-sin",
        DatePart.WeekCosine => "week-cos",
        DatePart.DaySine => "day-sin",
        _ => "day-cos",
    };

    private static double Value(DatePart part, long ticks)
    {
        var time = new DateTime(ticks, DateTimeKind.Utc);
        return part switch
        {
            DatePart.Days => (ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerDay,
            DatePart.Year => time.Year,
            DatePart.Month => time.Month,
            DatePart.Day => time.Day,
            DatePart.Weekday => (int)time.DayOfWeek,
            DatePart.DayOfYear => time.DayOfYear,
            DatePart.Hour => time.TimeOfDay.TotalHours,
            DatePart.YearSine => Math.Sin(Math.Tau * (time.DayOfYear - 1) / 366),
            DatePart.YearCosine => Math.Cos(Math.Tau * (time.DayOfYear - 1) / 366),
            DatePart.WeekSine => Math.Sin(Math.Tau * (int)time.DayOfWeek / 7),
            DatePart.WeekCosine => Math.Cos(Math.Tau * (int)time.DayOfWeek / 7),
            DatePart.DaySine => Math.Sin(Math.Tau * time.TimeOfDay.TotalDays),
            _ => Math.Cos(Math.Tau * time.TimeOfDay.TotalDays),
        };
    }

    private sealed class Encoded(long[] ticks, DateFeaturizer featurizer) : EncodedColumn
    {
        public override void Emit(int row, RowSink sink)
        {
            var isMissing = ticks[row] == DateColumn.Missing;
            for (var i = 0; i < featurizer.parts.Length; i++)
            {
                var value = !isMissing ? Value(featurizer.parts[i], ticks[row]) : featurizer.impute?[i] ?? double.NaN;
                sink.Add(i, featurizer.scalers[i].Apply(value));
            }

            if (isMissing && featurizer.indicator)
            {
                sink.Add(featurizer.parts.Length, 1);
            }
        }
    }
}
