using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Learners.Rules;

/// <summary>
/// What an expert would say, as a list of rules in a JSON file: <c>[{"if": "\"Title\" ILIKE '%space%'", "then": "Adventure"}, {"else": "Drama"}]</c>.
/// Conditions are DuckDB SQL expressions over the raw columns; the first that is true gives the answer; the last rule is the else.
/// The answer is a class, or a number for regression. Conditions may not contain subqueries, aggregates, window functions or random numbers,
/// and run in a database of their own, in memory, that cannot reach files or the network.
/// </summary>
public sealed class RuleSet
{
    private readonly HashSet<string> named;

    /// <param name="rules">At least the else; only the last has no condition.</param>
    /// <exception cref="RuleException">There are no rules, no else at the end, or an else before it.</exception>
    public RuleSet(IReadOnlyList<Rule> rules)
    {
        if (rules.Count == 0 || rules[^1].Condition is not null)
        {
            throw new RuleException("the last rule must say what holds where no condition is true, such as {\"else\": \"Drama\"}");
        }

        for (var i = 0; i + 1 < rules.Count; i++)
        {
            if (rules[i].Condition is null)
            {
                throw new RuleException($"rule {i + 1} is an else, but rules follow it; the else comes last");
            }
        }

        Rules = rules;
        named = RuleCondition.Check(rules);
    }

    /// <summary>The rules, in the order in which they are tried.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>Reads a rule file.</summary>
    /// <exception cref="RuleException">The file is missing, is not such a list, or a condition is not a single SQL expression.</exception>
    public static RuleSet Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuleException($"'{path}': {e.Message}", e);
        }
        catch (RuleException e)
        {
            throw new RuleException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads rules from JSON text.</summary>
    /// <exception cref="RuleException">It is not such a list, or a condition is not a single SQL expression.</exception>
    public static RuleSet Parse(string json)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException e)
        {
            throw new RuleException($"the rules are not valid JSON: {e.Message}", e);
        }

        if (node is not JsonArray array)
        {
            throw new RuleException("the rules are a JSON list: [{\"if\": \"…\", \"then\": \"…\"}, …, {\"else\": \"…\"}]");
        }

        return new RuleSet([.. array.Select((item, i) => ParseRule(item, i + 1))]);
    }

    /// <summary>Per rule and row of the table whether the rule's own condition is true, whatever comes before it; the else holds everywhere.</summary>
    /// <exception cref="RuleException">A condition names no column, or fails on a value; the message names the rule.</exception>
    public bool[][] Holds(Table table, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var database = RuleDatabase.Open(table, named);
        return [.. Rules.Select((rule, i) => rule.Condition is { } condition ? database.Evaluate(condition, i + 1, cancellation) : [.. Enumerable.Repeat(true, table.RowCount)])];
    }

    /// <summary>Per row of the table, the index into <see cref="Rules"/> of the first rule that holds.</summary>
    /// <exception cref="RuleException">A condition names no column, or fails on a value; the message names the rule.</exception>
    public int[] Match(Table table, CancellationToken cancellation = default)
    {
        var holds = Holds(table, cancellation);
        var matched = new int[table.RowCount];
        for (var row = 0; row < matched.Length; row++)
        {
            matched[row] = Array.FindIndex(holds, rule => rule[row]);
        }

        return matched;
    }

    /// <summary>Per rule, how many rows of the table it decides.</summary>
    public int[] Coverage(Table table, CancellationToken cancellation = default)
    {
        var coverage = new int[Rules.Count];
        foreach (var rule in Match(table, cancellation))
        {
            coverage[rule]++;
        }

        return coverage;
    }

    /// <summary>Answers every row. A class is certain: probability 1.</summary>
    /// <param name="table">The raw table; the target's column need not be in it.</param>
    /// <param name="task">Binary, multiclass or regression.</param>
    /// <param name="classes">Names of the classes; unused for regression.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="RuleException">A rule answers with an unknown class or no number, or its condition fails.</exception>
    public Predictions Predict(Table table, TaskKind task, IReadOnlyList<string> classes, CancellationToken cancellation = default)
    {
        var answers = Answers(task, classes);
        var width = task == TaskKind.Regression ? 1 : classes.Count;
        var values = new double[(long)table.RowCount * width];
        var matched = Match(table, cancellation);
        for (var row = 0; row < matched.Length; row++)
        {
            if (task == TaskKind.Regression)
            {
                values[row] = answers[matched[row]];
            }
            else
            {
                values[(long)row * width + (int)answers[matched[row]]] = 1;
            }
        }

        return new Predictions(task, width, values);
    }

    /// <summary>Per rule its answer as a place among the classes, or as a number.</summary>
    internal double[] Answers(TaskKind task, IReadOnlyList<string> classes)
    {
        if (task == TaskKind.Multilabel)
        {
            throw new RuleException("rules give one answer a row; a multi-label target has several");
        }

        var answers = new double[Rules.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = Rules[i].Answer;
            if (task == TaskKind.Regression)
            {
                if (!double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out answers[i]) || !double.IsFinite(answers[i]))
                {
                    throw new RuleException($"rule {i + 1} answers '{answer}', but the target is a number");
                }

                continue;
            }

            answers[i] = classes.ToList().IndexOf(answer);
            if (answers[i] < 0)
            {
                throw new RuleException($"rule {i + 1} answers '{answer}', which is not a class of the target; classes: {string.Join(", ", classes.Take(30))}{(classes.Count > 30 ? ", …" : "")}");
            }
        }

        return answers;
    }

    private static Rule ParseRule(JsonNode? node, int number)
    {
        if (node is JsonObject rule)
        {
            if (rule.Count == 2 && Text(rule["if"]) is { } condition && Answer(rule["then"]) is { } then)
            {
                return new Rule(condition, then);
            }

            if (rule.Count == 1 && Answer(rule["else"]) is { } otherwise)
            {
                return new Rule(null, otherwise);
            }
        }

        throw new RuleException($"rule {number} is {node?.ToJsonString() ?? "null"}; a rule is {{\"if\": \"SQL condition\", \"then\": \"class\"}}, the last one {{\"else\": \"class\"}}");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string? Answer(JsonNode? node) =>
        Text(node) ?? (node is JsonValue value && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? node.ToJsonString() : null);
}
