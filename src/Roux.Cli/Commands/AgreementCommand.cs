using System.CommandLine;
using System.Globalization;
using Roux.Cli.Printing;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Cli.Commands;

/// <summary><c>roux agreement DATA</c>: how far annotators agree, how good each is, and what they say together.</summary>
internal static class AgreementCommand
{
    private const int MostShown = 10;
    private static readonly Argument<string> Data = new("DATA") { Description = "A table of item, annotator and label, or one with a column per annotator (--annotators)." };
    private static readonly Option<string[]> Annotators = new("--annotators") { Description = "Columns of the annotators, as a comma list.", HelpName = "A,B,C" };
    private static readonly Option<string?> Item = new("--item") { Description = "Column that names the item.", HelpName = "COL" };
    private static readonly Option<string?> Annotator = new("--annotator") { Description = "Column that names the annotator, in a long table.", HelpName = "COL" };
    private static readonly Option<string?> Label = new("--label") { Description = "Column of the labels, in a long table.", HelpName = "COL" };
    private static readonly Option<string?> Labels = new("--labels") { Description = "All labels that are allowed, in order (default: those that occur).", HelpName = "A,B,C" };
    private static readonly Option<string?> Scale = new("--scale") { Description = "nominal, ordinal or interval (numbers); default by the labels.", HelpName = "SCALE" };
    private static readonly Option<string?> Sql = new("--sql") { Description = "Query to read from a database file.", HelpName = "QUERY" };
    private static readonly Option<string?> Out = new("--out") { Description = "CSV file to write the consensus to: one row per item.", HelpName = "FILE.csv" };

    public static Command Create()
    {
        var command = new Command("agreement", "How far annotators agree, how good each is, and what they say together.") { Data, Annotators, Item, Annotator, Label, Labels, Scale, Sql, Out };
        command.SetAction((call, cancellation) => Task.Run(() => Run(call, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult call, CancellationToken cancellation)
    {
        var scale = call.GetValue(Scale);
        if (scale is not (null or "nominal" or "ordinal" or "interval"))
        {
            throw new UsageException($"--scale '{scale}': one of nominal, ordinal, interval");
        }

        var data = TableReader.Read(call.GetValue(Data)!, new ReadOptions { Sql = call.GetValue(Sql) }, cancellation);
        var set = AnnotationReader.Read(data.Table, new AnnotationColumns
        {
            Annotators = Split(call.GetValue(Annotators) ?? []),
            Item = call.GetValue(Item),
            Annotator = call.GetValue(Annotator),
            Label = call.GetValue(Label),
            Labels = Split([call.GetValue(Labels) ?? ""]),
            Numeric = scale is null ? null : scale == "interval",
        });
        var study = AnnotationStudy.Of(set, null, scale == "ordinal" ? MeasurementLevel.Ordinal : MeasurementLevel.Nominal, call.GetValue(CommonOptions.Seed), cancellation);
        if (call.GetValue(Out) is { } path)
        {
            ConsensusFile.Write(path, study);
        }

        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(AgreementJson.Of(study));
        }
        else
        {
            Print(study, call.GetValue(Out));
        }

        return 0;
    }

    internal static string[] Split(string[] lists) => [.. lists.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static void Print(AnnotationStudy study, string? path)
    {
        var (page, set) = (new Page(), study.Set);
        page.Line($"{Count(set.Items.Count)} items, {Count(set.Annotators.Count)} annotators, {Count(set.Count)} {(set.IsNumeric ? "ratings" : $"labels of {set.Classes.Length} classes")}");
        page.Heading("Agreement");
        var figures = page.Table(2).Column("measure", least: 20).Column("value", right: true).Column("95% interval", right: true);
        foreach (var (level, alpha) in study.Agreement.Alpha)
        {
            figures.Row($"Krippendorff's alpha, {level.ToString().ToLowerInvariant()}", Number(alpha.Estimate), Range(alpha));
        }

        if (!set.IsNumeric)
        {
            figures.Row($"Fleiss's kappa ({Count(study.Agreement.FleissItems)} complete items)", Number(study.Agreement.Fleiss.Estimate), Range(study.Agreement.Fleiss));
            var kappas = study.Agreement.Pairs.Select(pair => pair.Kappa.Estimate).Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToArray();
            figures.Row($"Cohen's kappa, mean of {Count(study.Agreement.Pairs.Count)} pairs", Number(kappas.Average()), "");
            figures.Row("equal pairs of labels", Number(study.Agreement.Percent), "");
        }

        var human = study.Human;
        figures.Row($"human {human.Metric.Title}, against {human.Reference}", Number(human.Score.Estimate), Range(human.Score));
        if (!set.IsNumeric)
        {
            figures.Row("human accuracy, estimated (Dawid and Skene)", Number(study.Annotators.Average(annotator => annotator.Accuracy)), "");
        }

        page.Write(figures, 2);
        page.Heading("Annotators");
        PrintAnnotators(page, study);
        PrintDisagreements(page, study);
        page.Line();
        page.Line(path is null ? "Consensus: write it with --out FILE.csv" : $"Consensus: {Count(set.Items.Count)} items written to {path}");
        if (study.Vote.Ties > 0)
        {
            page.Line($"Ties in the vote: {Count(study.Vote.Ties)} items; there the better annotators decide.");
        }
    }

    private static void PrintAnnotators(Page page, AnnotationStudy study)
    {
        var numeric = study.Set.IsNumeric;
        var table = page.Table(2).Column("annotator", least: 10).Column("items", right: true)
            .Column(numeric ? "mean difference" : "agrees with the others", right: true).Column(numeric ? "bias" : "accuracy (estimated)", right: true);
        foreach (var annotator in study.Annotators.OrderBy(annotator => numeric ? annotator.Agreement : -annotator.Agreement).Take(4 * MostShown))
        {
            table.Row(annotator.Name, Count(annotator.Items), Number(annotator.Agreement), Number(numeric ? annotator.Bias : annotator.Accuracy));
        }

        page.Write(table, 2);
    }

    private static void PrintDisagreements(Page page, AnnotationStudy study)
    {
        if (study.Disagreements.Count == 0)
        {
            return;
        }

        page.Heading("Most disagreed on");
        var table = page.Table(2).Column("item", least: 10).Column("labels", least: 20).Column("consensus", least: 8).Column(study.Set.IsNumeric ? "deviation" : "probability", right: true);
        foreach (var item in study.Disagreements.Take(MostShown))
        {
            table.Row(item.Name, AgreementJson.Votes(study.Set, item.Item), item.Consensus, Number(item.Confidence));
        }

        page.Write(table, 2);
    }

    private static string Range(Interval interval) => double.IsNaN(interval.Low) ? "" : $"{Number(interval.Low)} to {Number(interval.High)}";

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsNaN(value) ? "–" : HumanText.Number(value, Math.Abs(value) < 10 ? "0.000" : "G5");
}
