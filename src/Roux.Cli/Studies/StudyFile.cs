using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Cli.Studies;

/// <summary>
/// A study as a file: the options of <c>roux tune</c> by their names, and <c>space</c> (in place, or the name of a file), <c>command</c> (a text or a list),
/// <c>enqueue</c> (a list of configurations) and <c>seed</c>.
/// </summary>
internal sealed record StudyFile
{
    private static readonly string[] NotHere = ["config", "resume", "join"];

    /// <summary>The folder that it lies in; paths in it start from there.</summary>
    public required string Folder { get; init; }

    /// <summary>Options as words of a command line.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The search space, where it stands in the file.</summary>
    public JsonObject? Space { get; init; }

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The seed; null where the file has none.</summary>
    public int? Seed { get; init; }

    /// <exception cref="UsageException">No such file, or no study.</exception>
    public static StudyFile Read(string path)
    {
        if (YamlFile.Read("--config", path) is not JsonObject json)
        {
            throw new UsageException($"--config '{path}': a study is a list of settings such as 'metric: loss' and 'trials: 50'");
        }

        var names = TuneOptions.All.Select(option => option.Name[2..]).Except(NotHere).Concat(["command", "seed"]).ToList();
        var words = new List<string>();
        foreach (var (key, value) in json)
        {
            var name = key.Replace('_', '-') is "constraints" ? "constraint" : key.Replace('_', '-');
            if (!names.Contains(name))
            {
                throw new UsageException(NearestName.Message($"--config '{path}':", key, "setting", names));
            }

            if (name is not ("command" or "seed") && !(name == "space" && value is JsonObject))
            {
                words.AddRange(Option(name, value));
            }
        }

        return new StudyFile
        {
            Folder = Path.GetDirectoryName(Path.GetFullPath(path))!,
            Words = words,
            Space = json["space"] as JsonObject,
            Command = json["command"] switch
            {
                null => [],
                JsonArray list => [.. list.Select(Text)],
                var text => Split(path, Text(text)),
            },
            Seed = json["seed"] is not { } seed ? null : seed is JsonValue value1 && value1.TryGetValue(out long number) && number is >= int.MinValue and <= int.MaxValue ? (int)number
                : throw new UsageException($"--config '{path}': seed {Text(seed)}: a whole number"),
        };
    }

    private static IEnumerable<string> Option(string name, JsonNode? value) => value switch
    {
        JsonArray list when name == "gpus" => ["--gpus", string.Join(',', list.Select(Text))],
        JsonArray list => list.SelectMany(item => Option(name, item)),
        JsonObject settings => [$"--{name}", settings.ToJsonString()],
        JsonValue flag when flag.TryGetValue(out bool on) && TuneOptions.All.Any(option => option.Name == "--" + name && option.ValueType == typeof(bool)) => on ? [$"--{name}"] : [],
        null => [],
        _ => [$"--{name}={Text(value)}"],
    };

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    /// <summary>Words of a command as a shell takes them apart: blanks between, quotes around.</summary>
    private static List<string> Split(string path, string text)
    {
        var (words, word, quote, any) = (new List<string>(), new StringBuilder(), '\0', false);
        foreach (var c in text)
        {
            if (quote != '\0' ? c == quote : c is '\'' or '"')
            {
                (quote, any) = (quote == '\0' ? c : '\0', true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (any)
                {
                    words.Add(word.ToString());
                }

                (any, _) = (false, word.Clear());
            }
            else
            {
                word.Append(c);
                any = true;
            }
        }

        if (any)
        {
            words.Add(word.ToString());
        }

        return quote == '\0' ? words : throw new UsageException($"--config '{path}': command: a quote {quote} is not closed");
    }
}
