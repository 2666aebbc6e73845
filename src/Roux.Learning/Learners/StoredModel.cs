using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners;

/// <summary>The head that every stored classical model has in its <c>model.json</c>: task, outputs and number of features, checked on reading.</summary>
/// <param name="Task">The kind of task.</param>
/// <param name="Width">Outputs per row.</param>
/// <param name="Columns">Features that the model was fitted on.</param>
internal sealed record ModelHead(TaskKind Task, int Width, int Columns)
{
    public static ModelHead Of(TrainingSet training) => new(training.Y.Task, training.Y.Width, training.X.Columns);

    public JsonObject ToJson() => new()
    {
        ["task"] = Task.ToString().ToLowerInvariant(),
        ["outputs"] = Width,
        ["features"] = Columns,
    };

    /// <exception cref="InvalidDataException">A field is missing or out of range.</exception>
    public static (ModelHead Head, JsonObject Json) Read(ArchiveReader archive)
    {
        if (archive.ReadJson("model") is not JsonObject json)
        {
            throw new InvalidDataException("model.json is not a JSON object");
        }

        if (!Enum.TryParse<TaskKind>(json.Text("task"), ignoreCase: true, out var task) || !Enum.IsDefined(task))
        {
            throw new InvalidDataException($"model.json: '{json.Text("task")}' is not a task");
        }

        var head = new ModelHead(task, json.Whole("outputs"), json.Whole("features"));
        if (head.Columns < 0 || head.Width < 1 || (task == TaskKind.Regression && head.Width != 1) || (task == TaskKind.Binary && head.Width != 2))
        {
            throw new InvalidDataException($"model.json: {head.Width} outputs and {head.Columns} features do not make a {task} model");
        }

        return (head, json);
    }

    /// <exception cref="ArgumentException">The matrix has another number of features.</exception>
    public void Check(FeatureMatrix x)
    {
        if (x.Columns != Columns)
        {
            throw new ArgumentException($"the model was fitted on {Columns} features, the matrix has {x.Columns}", nameof(x));
        }
    }
}

/// <summary>Reads fields of an untrusted JSON object; every failure is an <see cref="InvalidDataException"/> that names the field.</summary>
internal static class StoredJson
{
    public static int Whole(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out int number) ? number : throw Wrong(json, name, "a whole number");

    public static double Number(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out double number) ? number : throw Wrong(json, name, "a number");

    public static string Text(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(json, name, "a text");

    public static int[] Wholes(this JsonObject json, string name) =>
        json[name] is JsonArray array && array.All(item => item is JsonValue value && value.TryGetValue(out int _))
            ? [.. array.Select(item => item!.GetValue<int>())]
            : throw Wrong(json, name, "a list of whole numbers");

    public static T[] Long<T>(T[] values, long length, string name) =>
        values.LongLength == length ? values : throw new InvalidDataException($"{name}.npy has {values.LongLength} values, not {length}");

    private static InvalidDataException Wrong(JsonObject json, string name, string kind) =>
        new($"model.json: '{name}' is {json[name]?.ToJsonString() ?? "missing"}, not {kind}");
}
