using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Learning.AutoML;

/// <summary>One way to answer the question: a learner under some settings.</summary>
/// <param name="Name">Unique within a search: the learner's name, with the trial's number where it was tuned.</param>
/// <param name="Learner">The learner.</param>
/// <param name="Configuration">Its settings, which may also hold <see cref="TargetTransformKey"/>.</param>
public sealed record Candidate(string Name, Learner Learner, Configuration Configuration)
{
    /// <summary>Setting understood for every learner on regression tasks: <c>none</c> or <c>log1p</c>.</summary>
    public const string TargetTransformKey = "target_transform";

    /// <summary>The learner's family.</summary>
    public string Family => Learner.Card.Family;
}
