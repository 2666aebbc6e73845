using System.Text.Json.Nodes;
using Roux.Tracking;
namespace Roux.Learning.Data;
public sealed record DataProfile(int Rows, int DuplicateRows, IReadOnlyList<StubColumn> Columns, IReadOnlyList<string> CorrNames, double[,] Corr) { public IReadOnlyList<Finding> Findings => []; public JsonObject ToJson() => []; }
public sealed record StubColumn(string Name, ColumnRole Role, double Missing, long Distinct, double[] Histogram, (string Value, double Share)[] Top, string Least, string Median, string Most);
public static class Profile { public static DataProfile Of(Table t, IReadOnlyList<ColumnSpec> c, Target? y) => new(t.RowCount, 0, [], [], new double[0,0]); }
