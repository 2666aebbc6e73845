using Roux.Tracking.Registry;

namespace Roux.Tracking;

/// <summary>
/// Not significantly worse than the champion on given data: both models are run on the same rows. <c>not-worse</c> fails where a paired test shows that
/// the version is worse by more than the margin; <c>not-inferior</c> passes only where it shows that the version is not.
/// </summary>
public sealed record ChampionDataRule : GateRule
{
    /// <summary>Alias or stage of the champion.</summary>
    public required string Champion { get; init; }

    /// <summary>The labelled rows: a file that the command line reads.</summary>
    public required string Data { get; init; }

    /// <summary>The digest that the file must have; <c>null</c> for any.</summary>
    public string? DataDigest { get; init; }

    /// <summary>Query to read from a database file.</summary>
    public string? Sql { get; init; }

    /// <summary>Column of the answers; <c>null</c> for the model's own.</summary>
    public string? Target { get; init; }

    /// <summary>The metric; <c>null</c> for the usual one of the task.</summary>
    public string? Metric { get; init; }

    /// <summary>Level of the one-sided test, between 0 and 0.5.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>A difference in the metric that does not count, at least 0.</summary>
    public double Margin { get; init; }

    /// <summary>Whether it must be shown that the version is not worse by more than the margin.</summary>
    public bool NotInferior { get; init; }

    internal override string Demand => NotInferior
        ? $"shown on {Path.GetFileName(Data)} to be at most {Judgement.Text(Margin)} worse than the {Champion}"
        : $"not significantly worse than the {Champion} on {Path.GetFileName(Data)}{(Margin == 0 ? "" : $" by more than {Judgement.Text(Margin)}")}";

    internal override string ChampionName => Champion;

    internal override bool NeedsModels => true;

    internal override Judgement Judge(GateEvidence evidence, CancellationToken cancellation)
    {
        if (evidence.WithoutChampion(Champion, out var champion) is { } answer)
        {
            return answer;
        }

        return evidence.Models is { } models ? models.Compare(this, evidence.Version, champion.Version, cancellation)
            : evidence.Recorded.TryGetValue(Digest, out var recorded) && recorded.Numbers?["champion_version"]?.GetValue<int>() == champion.Version.Version ? recorded
            : Judgement.Unknown($"both models must be run, which no fresh verdict against {champion.Version.Name}/{champion.Version.Version} has recorded; run: roux gate {evidence.Version.Name}/{evidence.Version.Version}");
    }
}
