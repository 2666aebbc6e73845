using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Debugging.Behaviour;

/// <summary>
/// What a user demands of a model's behaviour, after CheckList (Ribeiro et al., "Beyond accuracy: behavioral testing of NLP models with
/// CheckList", 2020): minimum functionality (rows whose answer is plain), invariance (a change that must not matter), and direction (a
/// change that must move the answer one way). The form of the file is told in docs/behaviour.md.
/// </summary>
/// <param name="Tests">The tests, in the order of the file.</param>
public sealed record BehaviourSuite(IReadOnlyList<BehaviourTest> Tests)
{
    private const long MostBytes = 10_000_000;

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="DataException">It cannot be read, or holds something else; the message says what is wrong where.</exception>
    public static BehaviourSuite Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new DataException($"'{path}': larger than {MostBytes / 1_000_000} MB; a file of behavioural tests is small");
            }

            return Parse(JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { MaxDepth = 16, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new DataException($"'{path}': {(e is JsonException ? "not valid JSON" : "cannot be read")}: {e.Message}");
        }
    }

    /// <summary>Reads a parsed file.</summary>
    /// <param name="json">An object with a list <c>tests</c>, or such a list.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="DataException">It holds something else; the message says what is wrong where.</exception>
    public static BehaviourSuite Parse(JsonNode? json, string source)
    {
        var list = json as JsonArray ?? (json as JsonObject)?["tests"] as JsonArray
            ?? throw new DataException($"'{source}': holds no list of tests; write {{\"tests\": [{{\"name\": …, \"type\": \"invariance\", \"change\": {{…}}}}]}}");
        if (list.Count == 0)
        {
            throw new DataException($"'{source}': the list of tests is empty");
        }

        return new BehaviourSuite([.. list.Select((test, i) => BehaviourReader.Read(test, source, i + 1))]);
    }
}
