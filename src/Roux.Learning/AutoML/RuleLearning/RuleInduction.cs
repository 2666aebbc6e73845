using Roux.Learning.Data;
using Roux.Learning.Learners.Rules;

namespace Roux.Learning.AutoML;

/// <summary>
/// Learns a short decision list (Rivest 1987) by sequential covering: a beam search for the best conjunction of up to three conditions, as CN2 does it (Clark and
/// Niblett 1989; Clark and Boswell 1991), then the same on the rows that are left. A rule is kept when chance does not explain it: an exact test, its p-value
/// multiplied by the number of conditions tried (Bonferroni), must stay below 5 %; so must the step from a shorter condition to a longer one. At the end rules
/// without which the list errs no more are taken out, as RIPPER simplifies its rules (Cohen 1995).
/// </summary>
internal sealed class RuleInduction
{
    private const int BeamWidth = 8;
    private const int MostConditions = 3;
    private const double Alpha = 0.05;

    /// <summary>Conditions that enter conjunctions: the best ones, and of every column so many at least, so that many thresholds do not drown a few words.</summary>
    private const int MostAtoms = 400;

    private const int OfEveryColumn = 40;

    private const int MostRows = 20_000;
    private const int MostNumberRows = 8_000;
    private readonly IReadOnlyList<RuleAtom> atoms;
    private readonly CoverJudge judge;
    private readonly int support;
    private readonly CancellationToken cancellation;

    private RuleInduction(IReadOnlyList<RuleAtom> atoms, CoverJudge judge, int support, CancellationToken cancellation) =>
        (this.atoms, this.judge, this.support, this.cancellation) = (atoms, judge, support, cancellation);

    /// <summary>Learns rules.</summary>
    /// <param name="table">Rows to learn from, in the types of <paramref name="columns"/>.</param>
    /// <param name="columns">Columns that conditions may look at.</param>
    /// <param name="target">The answers: classes or numbers.</param>
    /// <param name="mostRules">Rules at most, the else not counted.</param>
    /// <param name="seed">Decides the sample where there are very many rows.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>The rules, the else last; the else alone where nothing was found.</returns>
    /// <exception cref="DataException">The target has several labels a row.</exception>
    public static RuleSet Learn(Table table, IReadOnlyList<ColumnSpec> columns, Target target, int mostRules, int seed, CancellationToken cancellation)
    {
        Refuse(target.Task);
        var most = target.Task == TaskKind.Regression ? MostNumberRows : MostRows;
        if (target.Count > most)
        {
            var rows = Splitters.Holdout(target, (double)most / target.Count, Seeds.Derive(seed, "rules")).Test;
            (table, target) = (table.Take(rows), target.Take(rows));
        }

        var judge = CoverJudge.For(target);
        var support = Math.Max(8, (int)Math.Ceiling(target.Count * 0.005));
        var everything = Cover.Of(target.Count, _ => true);
        var atoms = Promising(RuleAtoms.Find(table, columns, support), judge, everything);
        return new RuleInduction(atoms, judge, support, cancellation).Run(everything, mostRules);
    }

    /// <summary>Refuses questions that rules cannot answer.</summary>
    /// <exception cref="DataException">The target has several labels a row.</exception>
    public static void Refuse(TaskKind task)
    {
        if (task == TaskKind.Multilabel)
        {
            throw new DataException("--suggest-rules: rules give one answer a row, and a multi-label target has several; take one label as the target");
        }
    }

    /// <summary>The conditions that tell most by themselves.</summary>
    private static RuleAtom[] Promising(IReadOnlyList<RuleAtom> atoms, CoverJudge judge, ulong[] everything)
    {
        judge.Consider(everything);
        if (atoms.Count <= MostAtoms)
        {
            return [.. atoms];
        }

        var ranked = atoms.Select(atom => (Atom: atom, judge.Judge(atom.Rows, Cover.Count(atom.Rows)).Quality)).OrderByDescending(pair => pair.Quality).ToArray();
        var each = Math.Clamp(MostAtoms / atoms.DistinctBy(atom => atom.Column).Count(), 4, OfEveryColumn);
        return [.. ranked.GroupBy(pair => pair.Atom.Column).SelectMany(column => column.Take(each)).Concat(ranked.Take(MostAtoms / 2)).Select(pair => pair.Atom).Distinct()];
    }

    private RuleSet Run(ulong[] everything, int mostRules)
    {
        var left = (ulong[])everything.Clone();
        var found = new List<Conjunction>();
        while (found.Count < mostRules && Cover.Count(left) >= 2 * support && Best(left) is { } rule)
        {
            found.Add(rule);
            Cover.Remove(left, rule.Rows);
        }

        var (rules, otherwise) = Simplify(found, everything);
        return new RuleSet([.. rules.Select(rule => new Rule(rule.Sql, judge.Text(rule.Answer))), new Rule(null, judge.Text(otherwise))]);
    }

    /// <summary>The best rule for the rows that are left; <c>null</c> where none is more than chance.</summary>
    private Conjunction? Best(ulong[] left)
    {
        judge.Consider(left);
        var usable = atoms.Select(atom => (Atom: atom, Rows: Both(atom.Rows, left))).Where(pair => Cover.Count(pair.Rows) is var rows && rows >= support).ToArray();
        var tried = usable.Length;
        var beam = Top(usable.Select(pair => Make(null, pair.Atom, pair.Rows)));
        var candidates = new List<Conjunction>(beam);
        for (var length = 2; length <= MostConditions && beam.Count > 0; length++)
        {
            cancellation.ThrowIfCancellationRequested();
            var longer = new List<Conjunction>();
            foreach (var parent in beam)
            {
                tried += usable.Length;
                longer.AddRange(Extend(parent, usable));
            }

            beam = Top(longer.DistinctBy(rule => rule.Key));
            candidates.AddRange(beam);
        }

        return candidates.OrderByDescending(rule => rule.Quality).ThenBy(rule => rule.Atoms.Length)
            .FirstOrDefault(rule => judge.PValue(rule.Rows, left, rule.Answer) * tried * judge.Answers <= Alpha);
    }

    private IEnumerable<Conjunction> Extend(Conjunction parent, (RuleAtom Atom, ulong[] Rows)[] usable)
    {
        var both = new ulong[parent.Rows.Length];
        var before = Cover.Count(parent.Rows);
        foreach (var (atom, rows) in usable)
        {
            Cover.And(parent.Rows, rows, both);
            var count = Cover.Count(both);
            if (count < support || count == before)
            {
                continue;
            }

            var verdict = judge.Judge(both, count);
            if (verdict.Quality > parent.Quality && judge.PValue(both, parent.Rows, verdict.Answer) * usable.Length <= Alpha)
            {
                yield return new Conjunction([.. parent.Atoms, atom], (ulong[])both.Clone(), verdict.Quality, verdict.Answer);
            }
        }
    }

    private Conjunction Make(Conjunction? parent, RuleAtom atom, ulong[] rows)
    {
        var verdict = judge.Judge(rows, Cover.Count(rows));
        return new Conjunction([.. parent?.Atoms ?? [], atom], rows, verdict.Quality, verdict.Answer);
    }

    private static List<Conjunction> Top(IEnumerable<Conjunction> rules) =>
        [.. rules.Where(rule => rule.Quality > 0).OrderByDescending(rule => rule.Quality).ThenBy(rule => rule.Sql, StringComparer.Ordinal).Take(BeamWidth)];

    /// <summary>Takes out, from the last to the first, every rule without which the list errs no more, or hardly more, on the rows it was learned from.</summary>
    private (IReadOnlyList<Conjunction> Rules, double Otherwise) Simplify(List<Conjunction> rules, ulong[] everything)
    {
        var (loss, otherwise) = Loss(rules, everything);
        for (var i = rules.Count - 1; i >= 0; i--)
        {
            Conjunction[] without = [.. rules.Where((_, place) => place != i)];
            var (lossWithout, otherwiseWithout) = Loss(without, everything);
            if (lossWithout <= loss * (1 + judge.Worth))
            {
                rules.RemoveAt(i);
                (loss, otherwise) = (lossWithout, otherwiseWithout);
            }
        }

        return (rules, otherwise);
    }

    private (double Loss, double Otherwise) Loss(IReadOnlyList<Conjunction> rules, ulong[] everything)
    {
        var left = (ulong[])everything.Clone();
        var loss = 0.0;
        foreach (var rule in rules)
        {
            var all = rule.Atoms.Aggregate(left, (rows, atom) => Both(rows, atom.Rows));
            loss += judge.Loss(all, rule.Answer);
            Cover.Remove(left, all);
        }

        var otherwise = judge.Default(left);
        return (loss + judge.Loss(left, otherwise), otherwise);
    }

    private static ulong[] Both(ulong[] a, ulong[] b)
    {
        var both = new ulong[a.Length];
        Cover.And(a, b, both);
        return both;
    }

    /// <param name="Atoms">Conditions that must all hold, the best first.</param>
    /// <param name="Rows">Rows covered, of those that were left.</param>
    /// <param name="Quality">As judged.</param>
    /// <param name="Answer">As judged.</param>
    private sealed record Conjunction(RuleAtom[] Atoms, ulong[] Rows, double Quality, double Answer)
    {
        public string Sql => string.Join(" AND ", Atoms.Select(atom => atom.Sql));

        /// <summary>The same conditions in any order.</summary>
        public string Key => string.Join('\u001f', Atoms.Select(atom => atom.Sql).Order(StringComparer.Ordinal));
    }
}
