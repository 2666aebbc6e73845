using System.Globalization;

namespace Roux.Learning.Data.Reading;

/// <summary>Gathers the values of one column of a source that has types of its own (Parquet, a database).</summary>
internal abstract class TypedColumn(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether whole numbers over 2^53 (or strings among numbers) were met, so that the column must be read again as text.</summary>
    public bool MustBeText { get; protected set; }

    public abstract void AddMissing();

    public abstract Column Finish(List<string> warnings);

    /// <summary>Numbers, with a warning for infinite ones.</summary>
    internal sealed class Numbers(string name, ColumnType? type = null) : TypedColumn(name)
    {
        private readonly BlockList<double> values = new();
        private int infinite;

        public override void AddMissing() => values.Add(double.NaN);

        public void Add(double value)
        {
            if (double.IsInfinity(value))
            {
                infinite++;
                value = double.NaN;
            }

            values.Add(value);
        }

        public void Add(long value)
        {
            MustBeText |= value is > 1L << 53 or < -(1L << 53);
            values.Add(value);
        }

        public override Column Finish(List<string> warnings)
        {
            if (infinite > 0)
            {
                warnings.Add($"column '{Name}': {ColumnFinisher.Count(infinite, "infinite number")} became missing");
            }

            var all = values.Drain();
            return new NumberColumn(Name, all, type ?? (ColumnFinisher.IsWhole(all) ? ColumnType.Integer : ColumnType.Real));
        }
    }

    /// <summary>Points in time, in microseconds since 1970.</summary>
    internal sealed class Dates(string name) : TypedColumn(name)
    {
        private const long Least = -62_135_596_800_000_000, Most = 253_402_300_799_999_999;

        private readonly BlockList<long> ticks = new();
        private int outside;

        public override void AddMissing() => ticks.Add(DateColumn.Missing);

        public void Add(long microseconds)
        {
            var within = microseconds is >= Least and <= Most;
            outside += within ? 0 : 1;
            ticks.Add(within ? DateTime.UnixEpoch.Ticks + microseconds * TimeSpan.TicksPerMicrosecond : DateColumn.Missing);
        }

        public override Column Finish(List<string> warnings)
        {
            if (outside > 0)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"column '{Name}': {ColumnFinisher.Count(outside, "date")} outside the years 1 to 9999 became missing"));
            }

            return new DateColumn(Name, ticks.Drain());
        }
    }

    /// <summary>Strings; or, when they are not <paramref name="textual"/>, numbers too large for the other kinds.</summary>
    internal sealed class Strings(string name, bool textual = true) : TypedColumn(name)
    {
        private readonly ColumnBuilder builder = new(name, MissingWords.None, textual: textual);

        public override void AddMissing() => builder.AddMissing();

        public void Add(string value)
        {
            builder.Add(value);
            MustBeText |= builder.Owed > 0;
        }

        public override Column Finish(List<string> warnings) => ColumnFinisher.Finish(builder, warnings);
    }
}
