using Roux.Debugging.Checks.Data;
using Roux.Debugging.Checks.Images;
using Roux.Debugging.Labels;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Data.Splitting;

namespace Roux.Debugging.Checks;

/// <summary>A table to be looked at: rows to learn from, perhaps rows to test on, and what is known of them. Immutable; what many checks need is computed once.</summary>
public sealed class TableSubject
{
    private readonly Lazy<DataProfile> profile;
    private readonly Lazy<ulong[]> prints;
    private readonly Lazy<ulong[]> testPrints;
    private readonly Lazy<int[]> classes;
    private readonly Lazy<double[]> values;
    private readonly Lazy<ImageSubject?> images;

    private TableSubject(Table train, IReadOnlyList<ColumnSpec> columns, TableOptions options, CancellationToken cancellation)
    {
        (Train, Columns, Options) = (train, columns, options);
        profile = new(() => Learning.Data.Profile.Of(Train, Columns, Target, Target is null ? null : Labelled, cancellation));
        prints = new(() => RowPrints.Of(Train, Compared));
        testPrints = new(() => Test is null ? [] : RowPrints.Of(Test, Compared));
        classes = new(() => Spread(Target is { Labels.Length: > 0 } target ? target.Labels : [], -1));
        values = new(() => Spread(Target is { Values.Length: > 0 } target ? target.Values : [], double.NaN));
        images = new(() => PixelColumns.Find(Train, Test, Columns));
    }

    /// <summary>The rows to learn from, every column in the type of its role.</summary>
    public Table Train { get; }

    /// <summary>Every column with its role.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>What was said of the table.</summary>
    public TableOptions Options { get; }

    /// <summary>Name of the column to predict; <c>null</c>: none.</summary>
    public string? TargetName { get; private init; }

    /// <summary>The known answers; <c>null</c> without target.</summary>
    public Target? Target { get; private init; }

    /// <summary>The rows of <see cref="Train"/> that <see cref="Target"/> stands for, in its order.</summary>
    public int[] Labelled { get; private init; } = [];

    /// <summary>The rows to test on, in the types of <see cref="Columns"/>; <c>null</c>: none.</summary>
    public Table? Test { get; private init; }

    /// <summary>Columns that models use and the test rows lack.</summary>
    public IReadOnlyList<string> AbsentFromTest { get; private init; } = [];

    /// <summary>The answers of the test rows; <c>null</c> where there are none.</summary>
    public Target? TestTarget { get; private init; }

    /// <summary>The rows of <see cref="Test"/> that <see cref="TestTarget"/> stands for.</summary>
    public int[] TestLabelled { get; private init; } = [];

    /// <summary>The columns that a model would use.</summary>
    public IEnumerable<ColumnSpec> Features => Columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant));

    /// <summary>What the training rows hold, column by column.</summary>
    public DataProfile Profile => profile.Value;

    /// <summary>Features by which rows are compared: those of training that the test rows have, too.</summary>
    internal string[] Compared => [.. Features.Where(column => Test is null || Test.Find(column.Name) is not null).Select(column => column.Name)];

    /// <summary>The labels that may be wrong, left here by the check that looks for them; <c>null</c> before, and where they cannot be judged.</summary>
    internal LabelReview? LabelReview { get; set; }

    /// <summary>Fingerprints of the training rows over <see cref="Compared"/>.</summary>
    internal ulong[] Prints => prints.Value;

    /// <summary>Fingerprints of the test rows over <see cref="Compared"/>.</summary>
    internal ulong[] TestPrints => testPrints.Value;

    /// <summary>Per training row its class; -1 where unknown; all -1 without classes.</summary>
    internal int[] Classes => classes.Value;

    /// <summary>Per training row its number to predict; NaN where unknown; all NaN without.</summary>
    internal double[] Values => values.Value;

    /// <summary>The images that pixel columns hold; <c>null</c> where there are none.</summary>
    internal ImageSubject? Images => images.Value;

    /// <summary>Whether the answer is one of several classes.</summary>
    internal bool HasClasses => Target?.Task is TaskKind.Binary or TaskKind.Multiclass;

    /// <summary>Makes a subject of tables as they were read.</summary>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="target">Name of the column to predict; <c>null</c>: none.</param>
    /// <param name="options">What is known beside.</param>
    /// <param name="cancellation">Stops the profile.</param>
    /// <exception cref="DataException">A name is no column, or the column cannot be predicted; the message says why.</exception>
    public static TableSubject Of(Table train, string? target, TableOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new TableOptions();
        var names = train.Columns.Select(column => column.Name).ToArray();
        foreach (var (option, name) in options.Drop.Select(name => ("--drop", name)).Append(("--group", options.GroupColumn!)).Append(("--time", options.TimeColumn!)))
        {
            if (name is not null && train.Find(name) is null)
            {
                throw new DataException(NearestName.Message(option, name, "column", names));
            }
        }

        var roles = new Dictionary<string, string>(options.Roles);
        foreach (var name in options.Drop.Append(options.GroupColumn).OfType<string>().Where(name => name != target))
        {
            roles[name] = "ignore";
        }

        var columns = ColumnRoles.Infer(train, target, roles);
        var built = target is null ? default : TargetBuilder.Build(train, target, options.Task, options.Separator);
        var optional = columns.Select(column => column.Name).ToArray();
        var test = options.Test is null ? null : TableSchema.Conform(options.Test, columns, [], optional);
        var (testTarget, testRows) = Answers(options.Test, target, built.Target, options.Separator);
        return new TableSubject(TableSchema.Conform(train, columns, [], optional), columns, options, cancellation)
        {
            TargetName = target,
            Target = built.Target,
            Labelled = built.Rows ?? [],
            Test = test,
            AbsentFromTest = test is null ? [] : [.. columns.Where(column => column.Role is not (ColumnRole.Target or ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant) && test.Find(column.Name) is null).Select(column => column.Name)],
            TestTarget = testTarget,
            TestLabelled = testRows,
        };
    }

    /// <summary>At most so many rows of a table of so many, drawn at random and ascending; always the same for the same seed.</summary>
    internal static int[] Sample(int rows, int most, int seed)
    {
        if (rows <= most)
        {
            return [.. Enumerable.Range(0, rows)];
        }

        // Selection sampling (Knuth, The Art of Computer Programming, vol. 2, 3.4.2, algorithm S).
        var random = new SplitRandom(seed);
        var chosen = new int[most];
        for (int row = 0, taken = 0; taken < most; row++)
        {
            if (random.Below(rows - row) < most - taken)
            {
                chosen[taken++] = row;
            }
        }

        return chosen;
    }

    private static (Target? Target, int[] Rows) Answers(Table? test, string? name, Target? target, string? separator)
    {
        if (test is null || name is null || target is null || test.Find(name) is not { } column || column.CountMissing() == column.Length)
        {
            return (null, []);
        }

        try
        {
            return TestAnswers.Of(test, name, target, separator);
        }
        catch (DataException)
        {
            return (null, []); // No test row has an answer that training knows: the checks of levels say so.
        }
    }

    private T[] Spread<T>(T[] answers, T unknown)
    {
        var spread = new T[Train.RowCount];
        Array.Fill(spread, unknown);
        for (var i = 0; i < answers.Length; i++)
        {
            spread[Labelled[i]] = answers[i];
        }

        return spread;
    }
}
