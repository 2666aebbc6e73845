namespace Roux.Tracking.Registry;

/// <summary>All that rules look at, read in one snapshot of the store.</summary>
internal sealed record GateEvidence
{
    /// <summary>The version.</summary>
    public required ModelVersionRecord Version { get; init; }

    /// <summary>The run that made it.</summary>
    public RunRecord? Run { get; init; }

    /// <summary>Who approved it.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>Id of a run that repeated the version's run with the same results.</summary>
    public string? ReproducedBy { get; init; }

    /// <summary>The versions that rules compare with, by the words of the rules; <c>null</c> where a name points at none.</summary>
    public IReadOnlyDictionary<string, Champion?> Champions { get; init; } = new Dictionary<string, Champion?>();

    /// <summary>Judges rules that need models; <c>null</c> where nothing can.</summary>
    public IGateModels? Models { get; init; }

    /// <summary>Verdicts of such rules that were given earlier and are fresh, by digest of the rule.</summary>
    public IReadOnlyDictionary<string, Judgement> Recorded { get; init; } = new Dictionary<string, Judgement>();

    /// <summary>The champion of a name; an answer instead where there is nothing to compare with.</summary>
    public Judgement? WithoutChampion(string name, out Champion champion)
    {
        champion = Champions.GetValueOrDefault(name)!;
        return champion is null ? Judgement.Of(true, $"there is no {name} yet that it could be worse than")
            : champion.Version.Version == Version.Version ? Judgement.Of(true, $"it is the {name} itself") : null;
    }
}

/// <summary>A version that others must not be worse than.</summary>
/// <param name="Version">The version.</param>
/// <param name="Run">The run that made it.</param>
internal sealed record Champion(ModelVersionRecord Version, RunRecord? Run);
