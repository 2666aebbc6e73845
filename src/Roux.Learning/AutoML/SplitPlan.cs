using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>The rows that the search looks at, and their folds.</summary>
/// <param name="Table">Rows searched over.</param>
/// <param name="Target">Their answers.</param>
/// <param name="Folds">Folds over them, repeats one after another.</param>
/// <param name="TestTrainRatio">Rows of a fold's test part over those of its training part, for the corrected resampled t-test.</param>
internal sealed record SplitPlan(Table Table, Target Target, IReadOnlyList<Fold> Folds, double TestTrainRatio)
{
    /// <summary>With more cells than this the search looks at a sample; the final fit uses all rows.</summary>
    private const long MaxCells = 3_000_000;

    private const int MinSample = 50_000;

    /// <summary>With more cells than this in a short table the folds are not repeated: each costs seconds.</summary>
    private const long WideCells = 1_000_000;

    /// <summary>Places of the rows among those for development.</summary>
    public required int[] Rows { get; init; }

    public static SplitPlan Of(DevelopInputs inputs, DevelopOptions options, Action<string> note)
    {
        var (table, target) = (inputs.Development, inputs.DevelopmentTarget);
        int[] places = [.. Enumerable.Range(0, table.RowCount)];
        var most = (int)Math.Max(MinSample, MaxCells / Math.Max(1, inputs.FeatureColumns.Count));
        if (table.RowCount > most)
        {
            // Time-ordered data is searched over its latest part, everything else over a stratified sample.
            var rows = options.TimeColumn is { } time ? Splitters.TimeHoldout(Splitters.Times(table[time]), (double)most / table.RowCount).Test
                : Splitters.Holdout(target, (double)most / table.RowCount, Seeds.Derive(options.Seed, "sample")).Test;
            places = rows;
            table = table.Take(rows);
            target = target.Take(rows);
            note($"the search looks at {table.RowCount:N0} of {inputs.Development.RowCount:N0} development rows; the winner is fitted on all");
        }

        var (folds, repeats) = options.Folds is { } given ? (given, 1) : Default(table.RowCount, inputs.FeatureColumns.Count);
        var seed = Seeds.Derive(options.Seed, "folds");
        var split = options.GroupColumn is { } group ? Splitters.GroupKFold(Splitters.Groups(table[group]), folds, seed)
            : options.TimeColumn is { } order ? Splitters.TimeSeries(Splitters.Times(table[order]), folds)
            : Splitters.StratifiedKFold(target, folds, repeats, seed);
        return new SplitPlan(table, target, split, split.Average(fold => (double)fold.Test.Length / fold.Train.Length)) { Rows = places };
    }

    /// <summary>The rows set aside for the final score.</summary>
    public static Fold Holdout(Table table, Target target, DevelopOptions options)
    {
        var seed = Seeds.Derive(options.Seed, "holdout");
        if (options.GroupColumn is { } group)
        {
            return Splitters.GroupHoldout(Splitters.Groups(table[group]), options.HoldoutFraction, seed);
        }

        if (options.TimeColumn is { } time)
        {
            return Splitters.TimeHoldout(Splitters.Times(table[time]), options.HoldoutFraction);
        }

        return Splitters.Holdout(target, options.HoldoutFraction, seed);
    }

    /// <summary>Few rows need repeats for a steady figure; very many need few folds.</summary>
    private static (int Folds, int Repeats) Default(int rows, int columns) => rows switch
    {
        _ when rows < 60_000 && (long)rows * columns > WideCells => (5, 1),
        < 500 => (5, 3),
        < 1_500 => (5, 2),
        < 60_000 => (5, 1),
        _ => (3, 1),
    };
}
