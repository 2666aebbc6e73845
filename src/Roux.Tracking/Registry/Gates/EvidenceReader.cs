using Roux.Tracking.Reproduction;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>Reads what rules look at, in a snapshot or in the transaction of a promotion.</summary>
internal sealed class EvidenceReader(Tracker tracker)
{
    private const int MostResults = 50;

    private readonly RunReader runs = new(tracker.Database);

    /// <summary>The evidence for a version that is there.</summary>
    public GateEvidence Read(StoreSession session, long model, string name, int version, GateRules rules)
    {
        var record = ModelReader.Versions(session, tracker.Artifacts, model, name, version)[0];
        var run = RunOf(session, record);
        return new GateEvidence
        {
            Version = record,
            Run = run,
            Approvals = ModelApprovals.Read(session, model, version),
            ReproducedBy = run is null ? null : ReproductionRecord.Find(session, run.Id),
            Champions = rules.Rules.Select(rule => rule.ChampionName).OfType<string>().Distinct(StringComparer.Ordinal)
                .ToDictionary(champion => champion, champion => ChampionOf(session, model, name, champion), StringComparer.Ordinal),
            Recorded = Recorded(session, model, record, rules),
        };
    }

    /// <summary>Results of gates, the newest first.</summary>
    public static List<GateReport> Results(StoreSession session, long model, long version, int most) => session.Rows(
        "SELECT document FROM gate_results WHERE model = $model AND version = $version ORDER BY id DESC LIMIT $most",
        row => GateReport.Parse(row.Text(0)), ("$model", model), ("$version", version), ("$most", (long)most));

    private RunRecord? RunOf(StoreSession session, ModelVersionRecord version) =>
        version.RunId is { } id && session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", id)) is { } key ? runs.Load(session, [key])[0] : null;

    /// <summary>The version that an alias points at, else the latest of the stage of that name.</summary>
    private Champion? ChampionOf(StoreSession session, long model, string name, string champion)
    {
        var number = session.Number("SELECT version FROM model_aliases WHERE model = $model AND alias = $alias", ("$model", model), ("$alias", champion))
            ?? (Enum.TryParse<ModelStage>(champion, ignoreCase: true, out var stage) && char.IsAsciiLetter(champion[0])
                ? session.Number("SELECT max(version) FROM model_versions WHERE model = $model AND stage = $stage", ("$model", model), ("$stage", (long)stage)) : null);
        if (number is not { } version)
        {
            return null;
        }

        var record = ModelReader.Versions(session, tracker.Artifacts, model, name, version)[0];
        return new Champion(record, RunOf(session, record));
    }

    private Dictionary<string, Judgement> Recorded(StoreSession session, long model, ModelVersionRecord version, GateRules rules)
    {
        var recorded = new Dictionary<string, Judgement>(StringComparer.Ordinal);
        if (!rules.Rules.Any(rule => rule.NeedsModels))
        {
            return recorded;
        }

        var oldest = RunReader.Time(tracker.Now()) - rules.FreshFor;
        foreach (var result in Results(session, model, version.Version, MostResults).Where(report => report.VersionDigest == version.Digest && report.Time >= oldest).SelectMany(report => report.Results))
        {
            if (result.Judgement.Outcome != RuleOutcome.CannotTell)
            {
                recorded.TryAdd(result.RuleDigest, result.Judgement);
            }
        }

        return recorded;
    }
}
