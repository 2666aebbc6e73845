using System.Globalization;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary><c>tabulate [NAMES] [--count 1000] [--minutes 2]</c> evaluates; <c>tables [NAMES]</c> says what the tables are worth.</summary>
internal static class LiveCommands
{
    /// <summary>Root of the checkout: the data lie beside it, the tables in a folder that git ignores.</summary>
    private static readonly string Root = FindRoot();

    private static string Tables => Path.Combine(Root, "bench", "Roux.Tuning.Benchmarks", "tables");

    /// <summary>The live problems whose data are there.</summary>
    public static IEnumerable<LiveProblem> Problems(IReadOnlyList<string> names) => LiveProblem.Of(Path.Combine(Root, "..", "shared", "data"), names);

    /// <summary>The data sets that are there.</summary>
    public static IEnumerable<LiveData> Sets(IReadOnlyList<string> names)
    {
        var folder = Path.Combine(Root, "..", "shared", "data");
        return LiveData.Sets.Where(set => Directory.Exists(Path.Combine(folder, set.Name)) && (names.Count == 0 || names.Contains(set.Name))).Select(set => LiveData.Read(folder, set));
    }

    /// <summary>The live problems that have a table.</summary>
    public static IEnumerable<TabulatedProblem> Tabulated(IReadOnlyList<string> names) =>
        Problems(names).Select(problem => CurveTable.Read(Tables, problem)).OfType<CurveTable>().Select(table => new TabulatedProblem(table));

    public static void Tabulate(string[] args)
    {
        var (count, minutes) = (Number(args, "--count", 1_000), Number(args, "--minutes", 2));
        LiveProblem[] problems = [.. Problems(Names(args))];
        foreach (var problem in problems)
        {
            CurveTable.Write(Tables, problem, count, TimeSpan.FromMinutes((double)minutes / problems.Length));
        }
    }

    public static void Describe(string[] args)
    {
        Console.WriteLine("problem              best     held out: surrogate, nearest   loss after 1/9, 1/3 of the steps foretells the final one");
        foreach (var problem in Tabulated(Names(args)))
        {
            var (surrogate, nearest) = problem.HeldOut();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{problem.Name,-20} {problem.Best,-8:G5} {surrogate:0.00} {nearest:0.00}   {problem.Foresight(problem.Steps / 9 - 1):0.00} {problem.Foresight(problem.Steps / 3 - 1):0.00}"));
        }
    }

    internal static string[] Names(string[] args) => [.. args.Where((arg, i) => !arg.StartsWith('-') && (i == 0 || !args[i - 1].StartsWith('-'))).SelectMany(arg => arg.Split(','))];

    internal static int Number(string[] args, string name, int fallback) =>
        Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : fallback;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Roux.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Directory.GetCurrentDirectory();
    }
}
