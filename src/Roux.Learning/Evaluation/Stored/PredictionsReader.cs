using System.Globalization;
using System.Text;
using Roux.Learning.Data;
using Roux.Learning.Data.Reading;
using Roux.Tracking.Exports;

namespace Roux.Learning.Evaluation.Stored;

/// <summary>
/// Reads predictions from CSV as <see cref="PredictionsWriter"/> leaves them, or as others do: a column of answers (<c>actual</c>, <c>target</c>, <c>label</c>,
/// <c>y_true</c>), one of predictions (<c>prediction</c>, <c>predictions</c>, <c>predicted</c>, <c>y_pred</c>), perhaps one that names rows (<c>row</c>, <c>id</c>,
/// <c>row_id</c>, <c>index</c>) and probabilities <c>p_CLASS</c>. Rows without an answer or a prediction are passed over; of rows named twice the first counts.
/// </summary>
public static class PredictionsReader
{
    private const int MostRows = 500_000;
    private const long MostOutputs = 12_000_000;
    private const int MostClasses = 2_000;
    private const long MostRecord = 1 << 20;
    private const int FewNumbers = 20;

    private static readonly string[] RowNames = ["row", "row_id", "id", "index"];
    private static readonly string[] AnswerNames = ["actual", "target", "label", "y_true", "answer", "truth"];
    private static readonly string[] PredictionNames = ["prediction", "predictions", "predicted", "y_pred"];

    /// <summary>Reads CSV.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="name">Name of the file, for errors.</param>
    /// <param name="manifest">What it is of; <c>null</c>: told from the values.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">It is no such file.</exception>
    public static StoredPredictions Read(Stream stream, string name, PredictionsManifest? manifest, CancellationToken cancellation = default)
    {
        using var records = new CsvRecords(stream, name, (byte)',', MostRecord);
        try
        {
            return records.Read() ? Read(records, name, manifest, cancellation) : throw new DataException($"{name}: the file is empty");
        }
        catch (NotUtf8Exception)
        {
            throw new DataException($"{name}: not UTF-8");
        }
    }

    /// <summary>Reads columns of texts.</summary>
    /// <param name="name">Name of the file, for errors.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">Values of each row.</param>
    /// <param name="manifest">What it is of; <c>null</c>: told from the values.</param>
    /// <exception cref="DataException">It is no such table.</exception>
    public static StoredPredictions Read(string name, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, PredictionsManifest? manifest)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(rows);
        var gathered = new Gathered(name, header, manifest);
        foreach (var row in rows)
        {
            gathered.Add(field => field < row.Count ? row[field] : "");
        }

        return gathered.Finish();
    }

    private static StoredPredictions Read(CsvRecords records, string name, PredictionsManifest? manifest, CancellationToken cancellation)
    {
        var gathered = new Gathered(name, [.. Enumerable.Range(0, records.Count).Select(field => Encoding.UTF8.GetString(records[field]))], manifest);
        for (var count = 0; records.Read(); count++)
        {
            if (count % 4096 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            gathered.Add(field => field < records.Count ? Encoding.UTF8.GetString(records[field]) : "");
        }

        return gathered.Finish();
    }

    private sealed class Gathered
    {
        private readonly string name;
        private readonly int row;
        private readonly int answer;
        private readonly int prediction;
        private readonly List<(int Field, string Class)> outputs;
        private readonly HashSet<string> seen = new(StringComparer.Ordinal);
        private readonly List<string> rows = [];
        private readonly List<string> answers = [];
        private readonly List<string> predictions = [];
        private readonly List<double> values = [];
        private readonly Dictionary<string, string> interned = new(StringComparer.Ordinal);

        private readonly PredictionsManifest? manifest;

        public Gathered(string name, IReadOnlyList<string> given, PredictionsManifest? manifest)
        {
            (this.name, this.manifest) = (name, manifest);
            string[] header = [.. given.Select(column => column.TrimStart('\uFEFF'))];
            (row, answer, prediction) = (Find(header, RowNames), Find(header, AnswerNames), Find(header, PredictionNames));
            if (answer < 0 || prediction < 0)
            {
                throw new DataException($"{name}: no column of {(answer < 0 ? "answers" : "predictions")}; it may be called {string.Join(", ", answer < 0 ? AnswerNames : PredictionNames)}");
            }

            outputs = [.. header.Select((column, field) => (Field: field, Column: column)).Where(one => one.Column.StartsWith("p_", StringComparison.Ordinal)).Select(one => (one.Field, one.Column[2..])).Take(MostClasses)];
        }

        public void Add(Func<int, string> field)
        {
            var (given, said) = (field(answer), field(prediction));
            var mayBeEmpty = manifest?.Task == TaskKind.Multilabel; // a row without labels
            if (((given.Length == 0 || said.Length == 0) && !mayBeEmpty) || rows.Count >= MostRows || (long)rows.Count * outputs.Count >= MostOutputs)
            {
                return;
            }

            var named = row < 0 ? (rows.Count + 1).ToString(CultureInfo.InvariantCulture) : field(row);
            if (!seen.Add(named))
            {
                return;
            }

            rows.Add(named);
            answers.Add(Intern(given));
            predictions.Add(Intern(said));
            foreach (var (place, _) in outputs)
            {
                values.Add(Number(field(place)) ?? double.NaN);
            }
        }

        public StoredPredictions Finish()
        {
            if (rows.Count == 0)
            {
                throw new DataException($"{name}: no row has both an answer and a prediction");
            }

            return (manifest?.Task ?? Guess()) switch
            {
                TaskKind.Regression => Numbers(),
                TaskKind.Multilabel => Labels(manifest?.Classes),
                _ => Classes(manifest?.Classes),
            };
        }

        private TaskKind Guess()
        {
            var numbers = answers.Select(Number).ToList();
            return outputs.Count == 0 && numbers.TrueForAll(number => number is not null)
                && (numbers.Distinct().Count() > FewNumbers || numbers.Exists(number => number % 1 != 0)) ? TaskKind.Regression : TaskKind.Multiclass;
        }

        private StoredPredictions Numbers()
        {
            var y = answers.Select(Number).Select(number => number ?? throw NotANumber()).ToArray();
            var p = predictions.Select(Number).Select(number => number ?? throw NotANumber()).ToArray();
            return new StoredPredictions([.. rows], Target.Regression(y), [], new Predictions(TaskKind.Regression, 1, p), false);
        }

        private StoredPredictions Classes(IReadOnlyList<string>? known)
        {
            var classes = ClassNames(known, answers.Concat(predictions));
            var place = Places(classes);
            var decided = predictions.ConvertAll(text => place[text]).ToArray();
            var target = Target.Classification([.. answers.Select(text => place[text])], classes);
            var (outputsOf, stored) = Outputs(classes, place, target.Task);
            if (!stored)
            {
                for (var at = 0; at < decided.Length; at++)
                {
                    outputsOf.Values[(at * classes.Length) + decided[at]] = 1;
                }
            }

            return new StoredPredictions([.. rows], target, decided, outputsOf, stored);
        }

        private StoredPredictions Labels(IReadOnlyList<string>? known)
        {
            var classes = ClassNames(known, answers.Concat(predictions).SelectMany(text => text.Split('|', StringSplitOptions.RemoveEmptyEntries)));
            var place = Places(classes);
            bool[] Indicators(List<string> texts)
            {
                var flags = new bool[texts.Count * classes.Length];
                for (var at = 0; at < texts.Count; at++)
                {
                    foreach (var label in texts[at].Split('|', StringSplitOptions.RemoveEmptyEntries))
                    {
                        flags[(at * classes.Length) + place[label]] = true;
                    }
                }

                return flags;
            }

            var said = Indicators(predictions);
            return new StoredPredictions([.. rows], Target.Multilabel(Indicators(answers), classes), [], new Predictions(TaskKind.Multilabel, classes.Length, Array.ConvertAll(said, flag => flag ? 1.0 : 0.0)), false);
        }

        private string[] ClassNames(IReadOnlyList<string>? known, IEnumerable<string> met)
        {
            var names = new List<string>(known ?? [.. outputs.Select(output => output.Class)]);
            var have = new HashSet<string>(names.Concat(names.Select(CsvText.Guarded)), StringComparer.Ordinal);
            names.AddRange(met.Distinct(StringComparer.Ordinal).Where(have.Add).Order(StringComparer.Ordinal));
            while (names.Count < 2)
            {
                names.Add("other"); // all rows of one class: a matrix needs a second one
            }

            return names.Count <= MostClasses ? [.. names] : throw new DataException($"{name}: more than {MostClasses} classes");
        }

        private static Dictionary<string, int> Places(string[] classes)
        {
            var place = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var label = 0; label < classes.Length; label++)
            {
                place.TryAdd(classes[label], label);
                place.TryAdd(CsvText.Guarded(classes[label]), label);
            }

            return place;
        }

        /// <summary>Probabilities in the order of the classes; stored ones only where each class has a column of numbers.</summary>
        private (Predictions Predictions, bool Stored) Outputs(string[] classes, Dictionary<string, int> place, TaskKind task)
        {
            if ((long)rows.Count * classes.Length > MostOutputs)
            {
                throw new DataException($"{name}: {rows.Count} rows of {classes.Length} classes are too many to show");
            }

            var ordered = new double[rows.Count * classes.Length];
            var columns = outputs.Select((output, column) => (Column: column, Class: place.GetValueOrDefault(output.Class, -1))).Where(one => one.Class >= 0).ToList();
            var stored = columns.Select(one => one.Class).Distinct().Count() == classes.Length && !values.Exists(double.IsNaN);
            if (stored)
            {
                for (var at = 0; at < rows.Count; at++)
                {
                    foreach (var (column, label) in columns)
                    {
                        ordered[(at * classes.Length) + label] = values[(at * outputs.Count) + column];
                    }
                }
            }

            return (new Predictions(task, classes.Length, ordered), stored);
        }

        private DataException NotANumber() => new($"{name}: an answer or a prediction is no number");

        private string Intern(string text)
        {
            if (interned.TryGetValue(text, out var known))
            {
                return known;
            }

            interned.Add(text, text);
            return text;
        }

        private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

        private static int Find(IReadOnlyList<string> header, string[] names) =>
            names.Select(wanted => Array.FindIndex([.. header], column => column.Equals(wanted, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(field => field >= 0, -1);
    }
}
