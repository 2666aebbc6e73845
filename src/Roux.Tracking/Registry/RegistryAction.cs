namespace Roux.Tracking;

/// <summary>What can happen in a registry: the actions of its audit log, and the events that webhooks are told.</summary>
public static class RegistryAction
{
    public const string ModelCreated = "model.created";
    public const string ModelRenamed = "model.renamed";
    public const string ModelDescribed = "model.described";
    public const string ModelDeleted = "model.deleted";
    public const string ModelTagged = "model.tagged";
    public const string GatesSet = "model.gates-set";
    public const string Registered = "version.registered";
    public const string Described = "version.described";
    public const string Deleted = "version.deleted";
    public const string Tagged = "version.tagged";
    public const string Promoted = "version.promoted";
    public const string Approved = "version.approved";
    public const string ApprovalWithdrawn = "version.approval-withdrawn";
    public const string AliasSet = "alias.set";
    public const string AliasDeleted = "alias.deleted";
    public const string GatePassed = "gate.passed";
    public const string GateFailed = "gate.failed";
    public const string WebhookAdded = "webhook.added";
    public const string WebhookRemoved = "webhook.removed";
    public const string WebhookDisabled = "webhook.disabled";
    public const string WebhookEnabled = "webhook.enabled";

    /// <summary>Runs, logged models or experiments were removed for good. Only in the audit log.</summary>
    public const string RunsRemoved = "runs.removed";

    /// <summary>A report got a public link. Only in the audit log, as the next ones.</summary>
    public const string ReportLinked = "report.linked";

    /// <summary>A report's public link was ended.</summary>
    public const string ReportUnlinked = "report.unlinked";

    /// <summary>A setting of the server was changed.</summary>
    public const string SettingChanged = "setting.changed";

    /// <summary>A run has ended. Told to webhooks only: runs have records of their own.</summary>
    public const string RunFinished = "run.finished";

    /// <summary>What webhooks can be told; changes of webhooks themselves are only in the audit log.</summary>
    public static IReadOnlyList<string> Events { get; } =
    [
        Registered, Promoted, Approved, ApprovalWithdrawn, AliasSet, AliasDeleted, GatePassed, GateFailed, Described, Deleted, Tagged,
        ModelCreated, ModelRenamed, ModelDescribed, ModelDeleted, ModelTagged, GatesSet, RunFinished,
    ];
}
