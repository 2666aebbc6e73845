using Roux.Tracking.Service;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Decisions;

/// <summary>Findings across runs: what has become of them, and which are accepted.</summary>
public class FindingTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;

    public FindingTests() => tracker = Tracker.Open(folder.Store);

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_finding_that_the_latest_run_lacks_is_gone_and_one_that_it_has_is_open()
    {
        Debugged("y from a.csv", ("leak", ["id"]), ("skew", []));
        Debugged("y from a.csv", ("leak", ["id"]));
        Debugged("y from b.csv", ("skew", ["x"]));
        var rows = Rows(new FindingSelection(Reach.All));
        rows.Select(row => (row.Check, row.State)).ShouldBe([("skew", FindingState.Open), ("leak", FindingState.Open), ("leak", FindingState.Again), ("skew", FindingState.Gone)], ignoreOrder: true);
        rows.Single(row => row.Subject == "y from b.csv").Columns.ShouldBe(["x"]);
        rows.First(row => row.State == FindingState.Again).Trend.Select(run => run.Found).ShouldBe([true, true]);
        rows.First(row => row.State == FindingState.Gone).Trend.Select(run => run.Found).ShouldBe([true, false]);
    }

    [Fact]
    public void Counts_and_pages_agree_with_what_is_selected()
    {
        for (var run = 0; run < 5; run++)
        {
            Debugged("y from a.csv", ("leak", [$"c{run}"]), ("skew", []));
        }

        var counts = tracker.Service().Findings.Counts(Reach.All);
        foreach (var selection in new FindingSelection[] { new(Reach.All), new(Reach.All) { Check = "leak" }, new(Reach.All) { State = FindingState.Gone }, new(Reach.All) { Severity = Severity.High, State = FindingState.Open }, new(Reach.All) { Experiment = "999" } })
        {
            Rows(selection).Count.ShouldBe((int)counts.Where(selection.Holds).Sum(count => count.Count), selection.ToString());
        }

        var all = Rows(new FindingSelection(Reach.All) { WorstFirst = true });
        all.Select(row => row.Severity).ShouldBeInOrder(SortDirection.Descending);
        tracker.Service().Findings.Rows(new FindingSelection(Reach.All) { WorstFirst = true }, 3, 4).Select(row => row.Key).ShouldBe(all.Skip(3).Take(4).Select(row => row.Key));
    }

    [Fact]
    public async Task An_acceptance_holds_for_the_same_subject_of_the_experiment_alone()
    {
        var first = Debugged("y from a.csv", ("leak", ["id", "no"]));
        Debugged("y from b.csv", ("leak", ["id", "no"]));
        await tracker.FindingDecisions.AcceptAsync(first, "leak", ["id", "no"], " both are known before ", "ada");
        var later = Debugged("y from a.csv", ("leak", ["id", "no"]), ("leak", ["id"]));
        var known = tracker.FindingDecisions.Of(later).ShouldHaveSingleItem();
        (known.Reason, known.Actor, known.Subject).ShouldBe(("both are known before", "ada", "y from a.csv"));
        tracker.GetRun(later).Findings.Select(known.Covers).ShouldBe([true, false]);
        tracker.FindingDecisions.About("y from a.csv").ShouldHaveSingleItem();
        Rows(new FindingSelection(Reach.All) { State = FindingState.Accepted }).Count.ShouldBe(2);
        Rows(new FindingSelection(Reach.All) { State = FindingState.Open }).Count.ShouldBe(2);

        await tracker.FindingDecisions.AcceptAsync(later, "leak", ["id", "no"], "another reason", "bo");
        tracker.FindingDecisions.Of(first).ShouldHaveSingleItem().Reason.ShouldBe("another reason");
        await tracker.FindingDecisions.TakeBackAsync(first, "leak", ["id", "no"]);
        tracker.FindingDecisions.Of(later).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_was_found_is_accepted_and_only_with_a_reason()
    {
        var run = Debugged("y from a.csv", ("leak", ["id"]));
        (await Should.ThrowAsync<TrackingException>(() => tracker.FindingDecisions.AcceptAsync(run, "leak", ["other"], "why", "ada"))).Message.ShouldContain("no finding of leak");
        Should.Throw<TrackingException>(() => tracker.FindingDecisions.AcceptAsync(run, "leak", ["id"], " ", "ada").GetAwaiter().GetResult()).Message.ShouldContain("reason");
        await Should.ThrowAsync<TrackingException>(() => tracker.FindingDecisions.AcceptAsync("nothing", "leak", ["id"], "why", "ada"));
    }

    [Fact]
    public void Findings_of_other_projects_are_neither_listed_nor_counted()
    {
        Debugged("y from a.csv", ("leak", ["id"]));
        var reach = Reach.Of(new HashSet<string> { "books" });
        Rows(new FindingSelection(reach)).ShouldBeEmpty();
        Rows(new FindingSelection(reach) { Experiment = "1" }).ShouldBeEmpty();
        tracker.Service().Findings.Counts(reach).ShouldBeEmpty();
    }

    [Fact]
    public void Runs_alike_are_those_of_the_experiment_and_subject_that_were_looked_at()
    {
        var first = Debugged("y from a.csv", ("leak", ["id"]));
        var second = Debugged("y from a.csv");
        Debugged("y from b.csv", ("leak", ["id"]));
        tracker.Service().Findings.Alike(first, 10).Select(run => run.Id).ShouldBe([second, first]);
    }

    [Fact]
    public async Task Decisions_about_labels_are_kept_by_digest_and_row_and_can_be_taken_back()
    {
        var run = Debugged("y from a.csv");
        var labels = tracker.LabelDecisions;
        await labels.DecideAsync(run, "d1", "y", [(7, "cat", "dog"), (9, "cat", "cat")], "ada");
        await labels.DecideAsync(run, "d1", "y", [(7, "cat", "cow")], "bo");
        await labels.DecideAsync(run, "d2", "y", [(7, "cat", "dog")], "ada");
        labels.Of(run, "d1", "y").Select(one => (one.Row, one.Decided, one.Actor, one.IsCorrection)).ShouldBe([(7, "cow", "bo", true), (9, "cat", "ada", false)]);
        labels.Of(run, "d1", "z").ShouldBeEmpty();
        await labels.TakeBackAsync(run, "d1", "y", [7, 8]);
        labels.Of(run, "d1", "y").ShouldHaveSingleItem().Row.ShouldBe(9);
        Should.Throw<TrackingException>(() => labels.DecideAsync(run, "d1", "y", [(0, "a", "b")], "ada").GetAwaiter().GetResult());
    }

    private IReadOnlyList<FindingRow> Rows(FindingSelection selection) => tracker.Service().Findings.Rows(selection, 0, 100);

    private string Debugged(string subject, params (string Check, string[] Columns)[] findings)
    {
        using var run = tracker.Experiment("debug").StartRun("debug", null, new Dictionary<string, string> { [FindingDecisions.SubjectTag] = subject });
        foreach (var (check, columns) in findings)
        {
            run.LogFinding(new Finding(check, check == "leak" ? Severity.High : Severity.Low, $"{check} here") { Columns = columns });
        }

        run.Finish();
        return run.Id;
    }
}

internal static class Services
{
    public static TrackingService Service(this Tracker tracker) => new(tracker);
}
