using Roux.Learning.Data;

namespace Roux.Learning.Learners;

/// <summary>All learners that come with Roux.</summary>
public static class LearnerCatalog
{
    /// <summary>Every learner, simplest first.</summary>
    public static IReadOnlyList<Learner> All { get; } =
    [
    ];

    /// <summary>The learners that can answer such a question and run on this machine, simplest first.</summary>
    public static IReadOnlyList<Learner> For(TaskKind task) =>
        [.. All.Where(learner => learner.Supports(task == TaskKind.Multilabel ? TaskKind.Binary : task))];

    /// <summary>The learner of that name, or <c>null</c>.</summary>
    public static Learner? Find(string name) => All.FirstOrDefault(learner => learner.Card.Name == name);
}
