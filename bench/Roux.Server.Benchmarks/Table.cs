using System.Globalization;

namespace Roux.Server.Benchmarks;

/// <summary>Lines of figures beside MLflow's and the target.</summary>
internal static class Table
{
    /// <summary>A figure of which more is better, with MLflow 2.17's on this kind of machine (SQLite, two workers) and how many times that it should be.</summary>
    public static void Rate(string what, double rate, string unit, double? mlflow = null, double? times = null, string note = "") =>
        Print(what, $"{rate:N0} {unit}", mlflow, mlflow is { } other ? rate / other : null, times, note);

    /// <summary>A time of which less is better.</summary>
    public static void Time(string what, double milliseconds, double? mlflow = null, double? times = null, string note = "") =>
        Print(what, $"{milliseconds:N2} ms", mlflow, mlflow is { } other ? other / milliseconds : null, times, note);

    /// <summary>A figure that has to stay below a limit.</summary>
    public static void Limit(string what, double figure, double limit, string unit, string note = "") => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-52} {figure,9:N0} {unit,-3} target {limit,6:N0}  {(figure < limit ? "met   " : "MISSED")}  {note}"));

    public static void Line(string what, string figure, string note) => Console.WriteLine($"{what,-48} {figure,20}   {note}");

    private static void Print(string what, string figure, double? mlflow, double? ratio, double? times, string note = "") => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-48} {figure,20}   {(mlflow is null ? "" : $"MLflow {mlflow:N0}: {ratio:N1}x{(times is null ? "" : $" (target {times:N0}x)")}")} {note}"));
}
