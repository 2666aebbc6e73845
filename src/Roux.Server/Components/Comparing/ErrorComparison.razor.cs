using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Roux.Learning.Data;
using Roux.Server.Components.Evaluations;
using Roux.Server.Components.Widgets;
using Roux.Server.Security;
using Roux.Tracking;

namespace Roux.Server.Components.Comparing;

/// <summary>The errors of two models, row by row: what the one fixed of the other's, and what it broke.</summary>
public sealed partial class ErrorComparison
{
    private const int PerPage = 25;
    private const int MostColumns = 6;
    private const double Level = 0.05;

    private static readonly ErrorChange[] Order = [ErrorChange.Fixed, ErrorChange.Broken, ErrorChange.BothWrong, ErrorChange.BothRight];

    private (string First, string Second) asked;
    private string first = "";
    private string second = "";
    private PairedErrors? errors;
    private string reason = "";
    private string missing = "";
    private Dictionary<ErrorChange, int> counts = [];
    private double p = double.NaN;
    private (ConfusionGrid Before, ConfusionGrid After)? grids;
    private ExampleRows examples = ExampleRows.None;
    private List<int> rows = [];
    private ErrorChange? listed;

    /// <summary>The runs to choose from.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<RunRecord> Runs { get; set; } = [];

    [SupplyParameterFromQuery(Name = "a")]
    private string? A { get; set; }

    [SupplyParameterFromQuery(Name = "b")]
    private string? B { get; set; }

    [SupplyParameterFromQuery(Name = "set")]
    private string? Set { get; set; }

    [SupplyParameterFromQuery(Name = "scale")]
    private string? Scale { get; set; }

    [SupplyParameterFromQuery(Name = "at")]
    private int? At { get; set; }

    private protected override bool IsLive => false;

    private ErrorChange Shown => Enum.TryParse<ErrorChange>(Set, ignoreCase: true, out var change) && Enum.IsDefined(change) ? change : ErrorChange.Broken;

    private int From => Math.Clamp(At ?? 0, 0, Math.Max(0, rows.Count - 1));

    private string Verdict
    {
        get
        {
            var (gained, lost) = (counts[ErrorChange.Fixed], counts[ErrorChange.Broken]);
            var (before, after) = (Format.Cut(errors!.Before.Name, 60), Format.Cut(errors.After.Name, 60));
            var of = $"Of {Format.Count(errors.Count, "row")} that both predicted ({errors.After.Kind}), {after} ";
            var moved = errors.IsRegression ? $"came nearer on {Format.Count(gained)} and further off on {Format.Count(lost)} than {before}" : $"fixed {Format.Count(gained)} and broke {Format.Count(lost)} of {before}";
            var judged = !(p < Level) ? "the two may be equally good"
                : errors.IsRegression ? "one of them is nearer more often or by more than chance would make"
                : gained > lost ? $"{after} is right more often than chance would make" : $"{before} is right more often than chance would make";
            return $"{of}{moved}: {judged} ({Difference.Text(p)}).";
        }
    }

    private protected override bool HasNewParameters()
    {
        var ids = Runs.Select(run => run.Id).ToList();
        first = A is not null && ids.Contains(A) ? A : ids.FirstOrDefault() ?? "";
        second = B is not null && ids.Contains(B) && B != first ? B : ids.Find(id => id != first) ?? "";
        if ((first, second) != asked)
        {
            asked = (first, second);
            listed = null;
            return true;
        }

        List();
        return false;
    }

    private protected override Action Read()
    {
        var (one, other) = asked;
        if (one.Length == 0 || other.Length == 0)
        {
            return () => { };
        }

        var before = Find(one, out var trouble);
        var after = Find(other, out var otherTrouble);
        var (paired, why) = before is null || after is null ? (null, trouble ?? otherTrouble ?? "") : PairedErrors.Of(before, after);
        var changed = paired?.Counts();
        var chance = paired?.PValue() ?? double.NaN;
        var both = paired?.Grids();
        return () =>
        {
            (errors, reason, counts, p, grids) = (paired, why, changed ?? counts, chance, both);
            missing = string.Join(" and ", new[] { (before, one), (after, other) }.Where(pair => pair.Item1 is null).Select(pair => Format.Cut(Runs.First(run => run.Id == pair.Item2).Name, 40))) + (before is null && after is null ? " have" : " has");
            examples = before is null || after is null ? ExampleRows.None : before.Examples.Columns.Count > 0 ? before.Examples : after.Examples;
            listed = null;
            List();
        };
    }

    private RunEvaluation? Find(string id, out string? trouble)
    {
        Visitor.Require(Role.Viewer, SubjectKind.Run, id);
        trouble = null;
        try
        {
            return new EvaluationReader(Service).FindAsync(Service.Runs.Get(id), Gone).GetAwaiter().GetResult();
        }
        catch (DataException exception)
        {
            trouble = exception.Message;
            return null;
        }
    }

    /// <summary>The rows shown, those first that say most: the surest errors, or the greatest changes of a number.</summary>
    private void List()
    {
        if (errors is not { } paired || listed == Shown)
        {
            return;
        }

        listed = Shown;
        var fitting = Enumerable.Range(0, paired.Count).Where(index => paired.Change(index) == Shown);
        rows = [.. fitting.OrderByDescending(index => paired.IsRegression
            ? Math.Abs(paired.Misses(index).After - paired.Misses(index).Before)
            : Shown == ErrorChange.Fixed ? paired.Said(index).Before.Probability : paired.Said(index).After.Probability)];
    }

    private string Title(ErrorChange change) => (change, errors?.IsRegression == true) switch
    {
        (ErrorChange.Fixed, true) => "Nearer",
        (ErrorChange.Broken, true) => "Further off",
        (ErrorChange.BothWrong, true) => "Neither",
        (ErrorChange.BothRight, true) => "As far off",
        (ErrorChange.Fixed, _) => "Fixed",
        (ErrorChange.Broken, _) => "Broken",
        (ErrorChange.BothWrong, _) => "Both wrong",
        _ => "Both right",
    };

    private RenderFragment Said((string Said, double Probability) what, string answer) => builder =>
    {
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", errors!.IsRegression ? null : what.Said == answer ? "right" : "wrong-said");
        builder.AddContent(2, Format.Cut(what.Said, 80));
        builder.CloseElement();
        if (double.IsFinite(what.Probability))
        {
            builder.OpenElement(3, "span");
            builder.AddAttribute(4, "class", "muted");
            builder.AddContent(5, string.Create(CultureInfo.InvariantCulture, $" {what.Probability * 100:0} %"));
            builder.CloseElement();
        }
    };

    private RenderFragment ShareButton => builder =>
    {
        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "type", "button");
        builder.AddAttribute(2, "class", "btn ghost small");
        builder.AddAttribute(3, "aria-pressed", Scale == "share" ? "true" : "false");
        builder.AddAttribute(4, "title", "Share of each actual class in %");
        builder.AddAttribute(5, "onclick", EventCallback.Factory.Create(this, () => Go("scale", Scale == "share" ? null : "share")));
        builder.AddContent(6, "%");
        builder.CloseElement();
    };

    private static double Strongest(ConfusionGrid one, ConfusionGrid other) => Math.Max(one.Counts.Cast<int>().Max(), other.Counts.Cast<int>().Max());

    private string With(string name, object? value) => Navigation.GetUriWithQueryParameters(name == "set"
        ? new Dictionary<string, object?> { ["set"] = value, ["at"] = null }
        : new Dictionary<string, object?> { [name] = value });

    private void Go(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { [name] = value, ["at"] = null }), replace: true);

    private void Exchange() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["a"] = second, ["b"] = first, ["at"] = null }), replace: true);
}
