using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>Reads the JSON that an endpoint answers with: <c>{"predictions": […]}</c>, each prediction a label, a number, a list of probabilities or an object.</summary>
/// <param name="source">The endpoint, as shown in errors.</param>
/// <param name="classes">The target's classes.</param>
/// <param name="stated">The endpoint's classes in the order of its probabilities; empty for the target's order.</param>
/// <param name="bareList">Whether a list alone is an answer too, as of MLflow before 2.0.</param>
internal sealed partial class JsonAnswers(string source, IReadOnlyList<string> classes, IReadOnlyList<string> stated, bool bareList)
{
    private static readonly string[] AnswerNames = ["prediction", "label", "class", "predicted_class", "value"];
    private static readonly string[] ProbabilityNames = ["probabilities", "probability", "proba", "scores"];
    private readonly ClassOrder order = new(source, classes, stated);

    /// <summary>Reads one answer.</summary>
    /// <param name="body">The bytes that came.</param>
    /// <param name="rows">Gets one answer per row that was sent.</param>
    /// <exception cref="DataException">It is no JSON, or not of that form, or has another number of predictions.</exception>
    public void Read(byte[] body, Span<RawAnswer> rows)
    {
        if (IsHtml(body))
        {
            throw new DataException($"{source}: answered with an HTML page{HtmlTitle(body)}, not with JSON; is it the address of the model, and is a login in the way?");
        }

        using var document = Parse(body);
        var predictions = Predictions(document.RootElement);
        if (predictions.GetArrayLength() != rows.Length)
        {
            throw new DataException($"{source}: gave {predictions.GetArrayLength():N0} predictions for {rows.Length:N0} rows");
        }

        var row = 0;
        foreach (var prediction in predictions.EnumerateArray())
        {
            rows[row++] = One(prediction);
        }
    }

    public static bool IsHtml(byte[] body)
    {
        var start = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 256)).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<head", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The title of a page in quotes, after a blank; empty where it has none.</summary>
    public static string HtmlTitle(byte[] body)
    {
        var title = Title().Match(Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 8192)));
        return title.Success ? $" ('{HttpExchange.FirstLine(title.Groups[1].Value)}')" : "";
    }

    private JsonDocument Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException)
        {
            var text = HttpExchange.FirstLine(Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4096)));
            throw new DataException(text.Length == 0 ? $"{source}: the answer is empty; JSON with \"predictions\" is wanted" : $"{source}: the answer is not JSON: {text}");
        }
    }

    private JsonElement Predictions(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("predictions", out var predictions))
        {
            return predictions.ValueKind == JsonValueKind.Array ? predictions
                : throw new DataException($"{source}: \"predictions\" is {Kind(predictions)}, not a list with one entry per row");
        }

        if (bareList && root.ValueKind == JsonValueKind.Array)
        {
            return root;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new DataException($"{source}: the answer is {Kind(root)}; an object with \"predictions\" is wanted");
        }

        var names = string.Join(", ", root.EnumerateObject().Take(10).Select(member => $"\"{member.Name}\""));
        throw new DataException($"{source}: the answer has no \"predictions\"; it has {(names.Length > 0 ? names : "nothing")}");
    }

    private RawAnswer One(JsonElement prediction) => prediction.ValueKind switch
    {
        JsonValueKind.Null => default,
        JsonValueKind.String => RawAnswer.Of(prediction.GetString()),
        JsonValueKind.Number => RawAnswer.Of(prediction.GetDouble()),
        JsonValueKind.True => RawAnswer.Of("true"),
        JsonValueKind.False => RawAnswer.Of("false"),
        JsonValueKind.Array => List(prediction),
        _ => Members(prediction),
    };

    private RawAnswer List(JsonElement list)
    {
        var items = list.EnumerateArray().ToArray();
        if (Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.Number))
        {
            var numbers = Array.ConvertAll(items, item => item.GetDouble());
            return classes.Count == 0 && numbers.Length == 1 ? RawAnswer.Of(numbers[0]) : RawAnswer.Of(order.Arrange(numbers));
        }

        return Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.String)
            ? RawAnswer.Of(string.Join('|', items.Select(item => item.GetString())))
            : throw new DataException($"{source}: a prediction is a list of mixed kinds: {HttpExchange.FirstLine(list.GetRawText())}");
    }

    /// <summary>An object: one number per class, or a member with a telling name.</summary>
    private RawAnswer Members(JsonElement prediction)
    {
        var members = prediction.EnumerateObject().ToArray();
        if (classes.Count > 0 && members.Length > 0 && Array.TrueForAll(members, member => member.Value.ValueKind == JsonValueKind.Number) && order.Arrange(members.Select(member => (member.Name, member.Value.GetDouble()))) is { } outputs)
        {
            return RawAnswer.Of(outputs);
        }

        foreach (var name in classes.Count > 0 ? [.. ProbabilityNames, .. AnswerNames] : AnswerNames)
        {
            if (prediction.TryGetProperty(name, out var value))
            {
                return One(value);
            }
        }

        return members.Length == 1 ? One(members[0].Value)
            : throw new DataException($"{source}: a prediction is an object of unknown form: {HttpExchange.FirstLine(prediction.GetRawText())}");
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => element.GetRawText(),
    };

    [GeneratedRegex("<title[^>]*>([^<]{1,200})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Title();
}
