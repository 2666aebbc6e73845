using Roux.Learning.Data;

namespace Roux.Learning.AutoML;

/// <summary>A model whose learning curve is measured: one candidate, or the weighted members of an ensemble.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">Family of its learner.</param>
/// <param name="Complexity">Order of complexity, 0 to 100; of an ensemble that of its most complex member, since an average of small models is small.</param>
/// <param name="Members">Candidates and their weights, which sum to 1.</param>
public sealed record CurveModel(string Name, string Family, int Complexity, IReadOnlyList<(Candidate Candidate, double Weight)> Members)
{
    /// <summary>Predictions for the held-out rows of every division by models fitted on all of its training rows, where these are known: the largest size need not be fitted again.</summary>
    public IReadOnlyList<Predictions> Known { get; init; } = [];

    /// <summary>A learner under settings.</summary>
    public static CurveModel Of(Candidate candidate) => new(candidate.Name, candidate.Family, candidate.Learner.Card.Complexity, [(candidate, 1.0)]);

    /// <summary>A result of a search; <c>null</c> where it cannot be fitted, being rules, or where a member is not among <paramref name="all"/>.</summary>
    internal static CurveModel? Of(CandidateResult result, IReadOnlyList<CandidateResult> all)
    {
        if (result.Candidate is { } candidate)
        {
            return Of(candidate) with { Name = result.Name, Known = result.FoldPredictions };
        }

        var members = result.Members.Select(member => (all.FirstOrDefault(other => other.Name == member.Name)?.Candidate, member.Weight)).ToList();
        return members.Count == 0 || members.Any(member => member.Candidate is null) ? null
            : new CurveModel(result.Name, result.Family, members.Max(member => member.Candidate!.Learner.Card.Complexity), [.. members.Select(member => (member.Candidate!, member.Weight))]) { Known = result.FoldPredictions };
    }
}
