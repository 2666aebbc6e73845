using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Debugging.Checks;

/// <summary>What a learner takes.</summary>
/// <param name="ScaleSensitive">Whether the size of a feature's numbers decides how much it counts, or whether training converges: distances, penalties, gradients.</param>
/// <param name="TakesMissing">Whether NaN is understood.</param>
/// <param name="OrderMatters">Whether rows are learned one after another or in batches, so that their order counts.</param>
public sealed record InputNeeds(bool ScaleSensitive, bool TakesMissing, bool OrderMatters)
{
    /// <summary>Neural networks, and whatever else learns by gradients over batches.</summary>
    public static InputNeeds Gradients { get; } = new(true, false, true);

    /// <summary>Trees and what is made of them.</summary>
    public static InputNeeds Trees { get; } = new(false, true, false);

    /// <summary>Linear models, machines of support vectors, neighbours.</summary>
    public static InputNeeds Distances { get; } = new(true, false, false);

    /// <summary>What a kind of stored model takes; of unknown kinds the most is asked.</summary>
    public static InputNeeds Of(Model model) => (model ?? throw new ArgumentNullException(nameof(model))).Kind switch
    {
        "lightgbm" or "xgboost" or "forest" or "one-rule" or "constant" or "random" or "one-vs-rest" or "present-classes" => Trees,
        "naive-bayes" => new InputNeeds(false, false, false),
        "linear" or "svm-rbf" or "neighbours" => Distances,
        _ => new InputNeeds(true, false, false),
    };
}

/// <summary>Sequences of token numbers, as a text network gets them.</summary>
/// <param name="Ids">Rows x length, row-major.</param>
/// <param name="Length">Tokens of a row, padding included.</param>
/// <param name="Padding">The number that fills rows up.</param>
public sealed record TokenInput(int[] Ids, int Length, int Padding)
{
    /// <summary>The number of words that the vocabulary lacks; <c>null</c> where there is none.</summary>
    public int? Unknown { get; init; }

    /// <summary>Size of the vocabulary; <c>null</c> where not known.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Number of rows.</summary>
    public int Rows => Ids.Length / Length;
}

/// <summary>
/// What a learner really receives, after every step that prepares it: a matrix of features and answers, in the order in which it gets them. Made of
/// a pipeline and a table, or of plain arrays, so that inputs of networks can be judged too.
/// </summary>
public sealed record InputSubject
{
    private const int MostRows = 10_000;

    /// <summary>What is looked at, such as the learner's name.</summary>
    public required string Name { get; init; }

    /// <summary>Features of training rows.</summary>
    public required FeatureMatrix X { get; init; }

    /// <summary>Answers of these rows; <c>null</c> where not known.</summary>
    public Target? Y { get; init; }

    /// <summary>Features of rows that are predicted later, made in the way of that time; <c>null</c> where not known.</summary>
    public FeatureMatrix? Evaluation { get; init; }

    /// <summary>What the learner takes.</summary>
    public InputNeeds Needs { get; init; } = InputNeeds.Gradients;

    /// <summary>Rows of a batch, where rows are given in exactly this order; <c>null</c> where they are shuffled first or all are taken at once.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Sets of features of which exactly one is to be 1 in each row; those that come from one categorical column are found without.</summary>
    public IReadOnlyList<IReadOnlyList<int>> OneHot { get; init; } = [];

    /// <summary>Columns of which a cell may hold several levels: their 0/1 features need not sum to 1.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>Token sequences, for text networks.</summary>
    public TokenInput? Tokens { get; init; }

    /// <summary>Judges plain arrays.</summary>
    /// <param name="x">Rows x columns, row-major.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="y">Answers; <c>null</c> where not known.</param>
    /// <param name="names">Names of the columns; <c>null</c>: x0, x1, ….</param>
    /// <param name="name">What is looked at.</param>
    public static InputSubject Of(float[] x, int columns, Target? y, IReadOnlyList<string>? names = null, string name = "input")
    {
        ArgumentNullException.ThrowIfNull(x);
        var isBinary = new bool[columns];
        Array.Fill(isBinary, true);
        for (var i = 0; i < x.Length; i++)
        {
            isBinary[i % columns] &= x[i] is 0 or 1;
        }

        Feature[] features = [.. Enumerable.Range(0, columns).Select(j => (names?[j] ?? $"x{j}") is var own
            ? new Feature(own, own.IndexOf('=', StringComparison.Ordinal) is > 0 and var cut ? own[..cut] : own, isBinary[j] ? FeatureKind.Indicator : FeatureKind.Numeric) : null!)];
        return new InputSubject { Name = name, X = FeatureMatrix.FromDense(x.Length / columns, features, x), Y = y };
    }

    /// <summary>Judges what the members of a pipeline receive: one subject for each way of making features.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="training">Training rows with answers, in the order in which they lie; of more than 10,000 the first.</param>
    /// <param name="evaluation">Other rows; <c>null</c> for none.</param>
    /// <param name="context">Threads, and whether to stop.</param>
    /// <exception cref="DataException">A column is absent.</exception>
    public static IReadOnlyList<InputSubject> Of(Pipeline pipeline, Table training, Table? evaluation = null, CheckContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(training);
        context ??= new CheckContext();
        var (answers, rows) = Roux.Learning.AutoML.LabelledRows.Of(training, pipeline.TargetColumn, pipeline);
        var kept = Math.Min(MostRows, rows.Length);
        var table = training.Take(rows.AsSpan(0, kept));
        answers = kept == answers.Count ? answers : answers.Take([.. Enumerable.Range(0, kept)]);
        var later = evaluation is null || evaluation.RowCount <= MostRows ? evaluation : evaluation.Take([.. Enumerable.Range(0, MostRows)]);
        return
        [
            .. pipeline.Members.GroupBy(member => member.Featurizer).Select(group => new InputSubject
            {
                Name = group.First().Model.Kind,
                X = group.Key.Transform(table, context.Threads, context.Cancellation),
                Y = answers,
                Lists = [.. group.Key.Columns.Where(column => column.Role == ColumnRole.List).Select(column => column.Name)],
                Evaluation = later is null ? null : group.Key.Transform(later, context.Threads, context.Cancellation),
                Needs = group.Select(member => InputNeeds.Of(member.Model)).Aggregate((a, b) => new InputNeeds(a.ScaleSensitive || b.ScaleSensitive, a.TakesMissing && b.TakesMissing, false)),
            }),
        ];
    }
}
