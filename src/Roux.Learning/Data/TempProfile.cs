using System.Text.Json.Nodes;
using Roux.Tracking;
namespace Roux.Learning.Data;
public sealed record DataProfile(IReadOnlyList<Finding> Findings) { public JsonObject ToJson() => []; }
public static class Profile { public static DataProfile Of(Table t, IReadOnlyList<ColumnSpec> c, Target? y) => new([]); }
