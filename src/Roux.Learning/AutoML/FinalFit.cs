using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>Fits the winner again, on every development row.</summary>
internal static class FinalFit
{
    public static Pipeline Fit(CandidateResult winner, IReadOnlyList<CandidateResult> results, DevelopInputs inputs, CrossValidator validator, int seed, IReadOnlyDictionary<string, string> metadata)
    {
        var parts = winner.Members.Count == 0
            ? [(winner.Candidate!, 1.0)]
            : winner.Members.Select(member => (results.First(result => result.Name == member.Name).Candidate!, member.Weight)).ToList();
        var made = new Dictionary<FeatureForm, (FittedFeaturizer Featurizer, FeatureMatrix Training)>();
        var members = new List<PipelineMember>();
        foreach (var (candidate, weight) in parts)
        {
            var form = candidate.Learner.Form(inputs.Task, candidate.Configuration);
            if (!made.TryGetValue(form, out var features))
            {
                features = Featurizer.Fit(inputs.Development, inputs.FeatureColumns, inputs.DevelopmentTarget, form, Seeds.Derive(seed, "features"), validator.Threads, CancellationToken.None);
                made.Add(form, features);
            }

            var log = candidate.Configuration.Choice(Candidate.TargetTransformKey, "none") == "log1p";
            var training = new TrainingSet(features.Training, TargetScale.Apply(inputs.DevelopmentTarget, log));
            var model = CrossValidator.Fit(candidate, training, Seeds.Derive(seed, candidate.Name), validator.Threads, CancellationToken.None);
            members.Add(new PipelineMember(weight, features.Featurizer, model, log ? TargetTransform.Log1p : TargetTransform.None));
        }

        return new Pipeline(
            winner.Name, inputs.Task, inputs.Columns.First(column => column.Role == ColumnRole.Target).Name,
            inputs.DevelopmentTarget.Classes, inputs.FeatureColumns, members, metadata);
    }
}
