using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>Makes predictions of answers as they came, or says why they cannot be scored.</summary>
internal sealed class AnswerReading
{
    /// <summary>How far probabilities of a row may be from 1 in sum: single precision and four written decimals pass, scores that are none do not.</summary>
    private const double Slack = 0.01;

    private readonly string source;
    private readonly TaskKind task;
    private readonly IReadOnlyList<string> classes;
    private readonly ExistingOptions options;
    private readonly ClassLookup lookup;
    private readonly Func<int, string> nameOfRow;

    /// <param name="source">What the answers came from, as the reader gave it.</param>
    /// <param name="task">The kind of task.</param>
    /// <param name="classes">The target's classes.</param>
    /// <param name="options">The default and the stated classes.</param>
    /// <param name="nameOfRow">Names a row in an error.</param>
    public AnswerReading(string source, TaskKind task, IReadOnlyList<string> classes, ExistingOptions options, Func<int, string> nameOfRow)
    {
        (this.source, this.task, this.classes, this.options, this.nameOfRow) = (source, task, classes, options, nameOfRow);
        lookup = new ClassLookup(classes, options.Classes);
    }

    private int Width => task == TaskKind.Regression ? 1 : classes.Count;

    /// <summary>Reads all rows.</summary>
    /// <exception cref="DataException">Rows have no answer, or one that does not fit, and no default is given.</exception>
    public ExistingAnswers Read(IReadOnlyList<RawAnswer> answers)
    {
        var asProbability = IsProbabilityOfPositive(answers);
        var fallback = options.Default is { } text ? Default(text) : null;
        var values = new double[(long)answers.Count * Width];
        var missing = new List<int>();
        var unknown = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < answers.Count; row++)
        {
            var outputs = values.AsSpan(row * Width, Width);
            if (answers[row].IsMissing)
            {
                missing.Add(row);
                fallback?.CopyTo(outputs);
            }
            else if (Fill(answers[row], asProbability, row, outputs) is { } label)
            {
                unknown[label] = unknown.GetValueOrDefault(label) + 1;
                fallback?.CopyTo(outputs);
            }
        }

        if (fallback is null && unknown.Count > 0)
        {
            throw Unknown(unknown);
        }

        if (fallback is null && missing.Count > 0)
        {
            throw new DataException($"{source}: {missing.Count:N0} of {answers.Count:N0} rows have no prediction ({string.Join(", ", missing.Take(5).Select(nameOfRow))}{(missing.Count > 5 ? ", …" : "")}); give one for every row, or say what to score such rows as: --existing-default {(task == TaskKind.Regression ? "NUMBER" : "CLASS")}");
        }

        var labelsOnly = task != TaskKind.Regression && !asProbability && answers.All(answer => answer.Outputs is null);
        return new ExistingAnswers(new Predictions(task, Width, values), missing.Count, unknown.Values.Sum(), labelsOnly, null);
    }

    /// <summary>In a binary question, numbers that are not the two classes but all lie from 0 to 1 are probabilities of the second class.</summary>
    private bool IsProbabilityOfPositive(IReadOnlyList<RawAnswer> answers)
    {
        if (task != TaskKind.Binary || options.Classes.Count > 0)
        {
            return false;
        }

        var numbers = answers.Where(answer => answer.Number is not null).Select(answer => answer.Number!.Value).ToArray();
        return numbers.Length > 0 && Array.TrueForAll(numbers, number => number is >= 0 and <= 1) && !Array.TrueForAll(numbers, number => lookup.Find(number) >= 0);
    }

    /// <returns>The label where the target has no such class; else <c>null</c>.</returns>
    private string? Fill(RawAnswer answer, bool asProbability, int row, Span<double> outputs)
    {
        if (answer.Outputs is { } given)
        {
            Outputs(given, row, outputs);
            return null;
        }

        if (task == TaskKind.Regression)
        {
            outputs[0] = answer.Number ?? Number(answer.Label!, row);
            return double.IsFinite(outputs[0]) ? null : throw new DataException($"{source}: {nameOfRow(row)} is answered with {Text(outputs[0])}; a finite number is wanted");
        }

        if (asProbability && answer.Number is { } probability)
        {
            (outputs[0], outputs[1]) = (1 - probability, probability);
            return null;
        }

        if (task == TaskKind.Multilabel)
        {
            return Labels(answer.Label ?? Text(answer.Number!.Value), outputs);
        }

        var found = answer.Label is { } label ? lookup.Find(label) : lookup.Find(answer.Number!.Value);
        if (found < 0)
        {
            return answer.Label ?? Text(answer.Number!.Value);
        }

        outputs[found] = 1;
        return null;
    }

    private void Outputs(double[] given, int row, Span<double> outputs)
    {
        if (given.Length != Width)
        {
            throw new DataException(task == TaskKind.Regression
                ? $"{source}: {nameOfRow(row)} is answered with {given.Length} numbers; one is wanted"
                : $"{source}: {nameOfRow(row)} is answered with {given.Length} probabilities; the target has {Width} classes: {Names(classes)}");
        }

        given.CopyTo(outputs);
        if (task == TaskKind.Regression)
        {
            return;
        }

        var sum = 0.0;
        foreach (var value in given)
        {
            sum += value is >= -Slack and <= 1 + Slack ? value
                : throw new DataException($"{source}: {nameOfRow(row)} has the probability {Text(value)}; probabilities lie from 0 to 1 (are these scores before the softmax?)");
        }

        if (task == TaskKind.Multilabel)
        {
            return;
        }

        if (Math.Abs(sum - 1) > Slack)
        {
            throw new DataException($"{source}: the probabilities of {nameOfRow(row)} sum to {Text(sum)}, not to 1 (are these scores before the softmax, or classes left out?)");
        }

        foreach (ref var value in outputs)
        {
            value = Math.Max(0, value) / sum;
        }
    }

    private string? Labels(string text, Span<double> outputs)
    {
        foreach (var item in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (lookup.Find(item) is >= 0 and var found)
            {
                outputs[found] = 1;
            }
            else
            {
                outputs.Clear();
                return item;
            }
        }

        return null;
    }

    private double[] Default(string text)
    {
        var outputs = new double[Width];
        if (task == TaskKind.Regression)
        {
            outputs[0] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
                : throw new DataException($"--existing-default '{text}': the target is a number; give a number");
            return outputs;
        }

        if (task != TaskKind.Multilabel)
        {
            var found = lookup.Find(text);
            outputs[found >= 0 ? found : throw new DataException(NearestName.Message("--existing-default", text, "answer", [.. classes]))] = 1;
        }
        else if (Labels(text, outputs) is { } label)
        {
            throw new DataException(NearestName.Message("--existing-default", label, "answer", [.. classes]));
        }

        return outputs;
    }

    private double Number(string text, int row) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new DataException($"{source}: {nameOfRow(row)} is answered with '{Short(text)}'; the target is a number");

    private DataException Unknown(Dictionary<string, int> unknown)
    {
        var shown = string.Join(", ", unknown.OrderByDescending(pair => pair.Value).Take(5).Select(pair => $"'{Short(pair.Key)}' ({pair.Value:N0} {(pair.Value == 1 ? "row" : "rows")})"));
        var order = unknown.Keys.All(label => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) && options.Classes.Count == 0
            ? " If the numbers are places in a list of classes, give the list: --existing-classes a,b,…" : "";
        return new DataException($"{source}: unknown labels {shown}{(unknown.Count > 5 ? ", …" : "")}. Classes of the target: {Names(classes)}.{order} Or say what to score such rows as: --existing-default CLASS");
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Take(30).Select(Short)) + (names.Count > 30 ? ", …" : "");

    private static string Short(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
