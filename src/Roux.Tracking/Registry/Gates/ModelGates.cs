using Roux.Tracking.Registry;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// Gates: rules that a version must pass, judged with numbers and reasons, kept with the version, and enforced on promotion where the model
/// demands them. Obtained from <see cref="ModelRegistry.Gates"/>.
/// </summary>
public class ModelGates
{
    private const int MostResults = 1000;

    private readonly Tracker tracker;
    private readonly string actor;

    internal ModelGates(Tracker tracker, string actor) => (this.tracker, this.actor) = (tracker, actor);

    /// <summary>The rules that a model demands; <c>null</c> where it demands none.</summary>
    /// <exception cref="TrackingException">There is no such model.</exception>
    public virtual GateRules? Find(string model) => tracker.Read(session => Demanded(session, RegistryService.Key(session, model)));

    /// <summary>Makes a model demand rules on promotion, or none.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="rules">The rules; <c>null</c> for none.</param>
    /// <exception cref="TrackingException">There is no such model.</exception>
    public virtual void Set(string model, GateRules? rules) => SetAsync(model, rules).GetAwaiter().GetResult();

    /// <summary>Judges a version and keeps the result.</summary>
    /// <param name="reference">See <see cref="ModelRegistry.Find"/>.</param>
    /// <param name="rules">The rules; <c>null</c> for those that the model demands.</param>
    /// <param name="models">Judges rules that need models to be run; <c>null</c>: fresh verdicts that were recorded count.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="TrackingException">There is no such version, or there are no rules.</exception>
    public virtual GateReport Evaluate(string reference, GateRules? rules = null, IGateModels? models = null, CancellationToken cancellation = default) =>
        EvaluateAsync(tracker.Models.FindOrThrow(reference), rules, models, cancellation).GetAwaiter().GetResult();

    /// <summary>What gates said of a version, the newest first.</summary>
    /// <exception cref="TrackingException">There is no such version.</exception>
    public virtual IReadOnlyList<GateReport> Results(string reference, int most = 100)
    {
        var version = tracker.Models.FindOrThrow(reference);
        return most is >= 1 and <= MostResults
            ? tracker.Read(session => EvidenceReader.Results(session, VersionWrites.Existing(session, version.Name, version.Version), version.Version, most))
            : throw ServiceException.Invalid($"give 1 to {MostResults} results to show");
    }

    internal Task<bool> SetAsync(string model, GateRules? rules) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var key = RegistryService.Key(session.Sql, model);
        var before = Demanded(session.Sql, key);
        session.Sql.Execute("UPDATE models SET gates = $gates WHERE id = $model", ("$gates", rules?.Source.ToJsonString()), ("$model", key));
        new RegistryChange(RegistryAction.GatesSet, model) { Before = before?.ToJson(), After = rules?.ToJson() }.Record(session, actor, tracker.Now());
        return true;
    });

    internal async Task<GateReport> EvaluateAsync(ModelVersionRecord version, GateRules? given, IGateModels? models, CancellationToken cancellation)
    {
        var (rules, evidence) = tracker.Read(session =>
        {
            var model = VersionWrites.Existing(session, version.Name, version.Version);
            var rules = given ?? Demanded(session, model)
                ?? throw ServiceException.Invalid($"model '{version.Name}' demands no rules; name a file with --rules, or set rules with: roux models gates {version.Name} --set gates.yaml");
            return (rules, new EvidenceReader(tracker).Read(session, model, version.Name, version.Version, rules));
        });
        var integrity = VersionIntegrity.Of(tracker, version, cancellation).AsResult();
        var report = Report(evidence with { Models = integrity.Judgement.Outcome == RuleOutcome.Pass ? models : null }, rules, integrity, cancellation);
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            Keep(session, VersionWrites.Existing(session.Sql, version.Name, version.Version), report);
            return true;
        }).ConfigureAwait(false);
        return report;
    }

    /// <summary>Refuses a promotion that the model's rules do not allow. Reads in the transaction of the promotion, so that nothing can change in between.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="model">Key of the model.</param>
    /// <param name="name">Its name.</param>
    /// <param name="version">The version.</param>
    /// <param name="stage">The stage that it goes to, if it is one.</param>
    /// <param name="alias">The alias that is to point at it, if it is one.</param>
    /// <param name="integrity">Whether its files are unchanged, where that is known.</param>
    /// <exception cref="PromotionRefusedException">They do not.</exception>
    internal void CheckPromotion(WriteSession session, long model, string name, int version, ModelStage? stage, string? alias, VersionIntegrity? integrity)
    {
        if (Demanded(session.Sql, model) is not { } rules || !((stage is { } to && rules.Stages.Contains(to)) || (alias is not null && rules.Aliases.Contains(alias))))
        {
            return;
        }

        var evidence = new EvidenceReader(tracker).Read(session.Sql, model, name, version, rules);
        var files = integrity ?? VersionIntegrity.Of(tracker, evidence.Version, CancellationToken.None);
        var report = Report(evidence, rules, files.AsResult(), CancellationToken.None);
        if (!report.Passed)
        {
            throw new PromotionRefusedException(report, stage is { } wanted ? $"stage {wanted}" : $"alias {alias}");
        }
    }

    internal static GateRules? Demanded(StoreSession session, long model) => session.Rows("SELECT gates FROM models WHERE id = $model", row => row.TextOrNull(0), ("$model", model)) is [{ } json]
        ? GateRules.Parse(json, "the model's rules") : null;

    private GateReport Report(GateEvidence evidence, GateRules rules, RuleResult integrity, CancellationToken cancellation) => new()
    {
        Model = evidence.Version.Name,
        Version = evidence.Version.Version,
        VersionDigest = evidence.Version.Digest,
        RulesDigest = rules.Digest,
        Time = RunReader.Time(tracker.Now()),
        Actor = actor,
        Results = [integrity, .. rules.Rules.Select(rule => new RuleResult(rule.Kind, rule.Title, rule.Digest, rule.Judge(evidence, cancellation)))],
    };

    private void Keep(WriteSession session, long model, GateReport report)
    {
        var time = report.Time.ToUnixTimeMilliseconds();
        session.Sql.Execute(
            """
            INSERT INTO gate_results (model, version, version_digest, rules_digest, passed, time, actor, document)
            VALUES ($model, $version, $versionDigest, $rulesDigest, $passed, $time, $actor, $document)
            """,
            ("$model", model), ("$version", (long)report.Version), ("$versionDigest", report.VersionDigest), ("$rulesDigest", report.RulesDigest),
            ("$passed", report.Passed ? 1L : 0L), ("$time", time), ("$actor", actor), ("$document", report.ToJson().ToJsonString()));
        new RegistryChange(report.Passed ? RegistryAction.GatePassed : RegistryAction.GateFailed, report.Model, report.Version)
        {
            After = new System.Text.Json.Nodes.JsonObject
            {
                ["rules_digest"] = report.RulesDigest,
                ["version_digest"] = report.VersionDigest,
                ["failed"] = new System.Text.Json.Nodes.JsonArray([.. report.Failures.Take(20).Select(failure => System.Text.Json.Nodes.JsonValue.Create(failure.Title))]),
            },
        }.Record(session, actor, time);
    }
}
