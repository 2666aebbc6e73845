using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Pipelines;
using Roux.Torch.Images;
using Roux.Torch.Learners;
using Roux.Torch.Learners.Mlp;
using Roux.Torch.Probes;
using Roux.Torch.Text;
using Roux.Tuning;

namespace Roux.Torch;

/// <summary>The learners that need libtorch, and the readers of what they store. Naming them loads nothing.</summary>
public static class NeuralLearners
{
    private static readonly Lazy<IReadOnlyList<Learner>> Every = new(() =>
    [
        new MlpLearner(),
        new CnnLearner(),
        new TransformerLearner(Environment.GetEnvironmentVariable(TransformerLearner.WeightsVariable) is { Length: > 0 } folder ? folder : null),
    ]);

    /// <summary>Every neural learner, simplest first.</summary>
    public static IReadOnlyList<Learner> All => Every.Value;

    /// <summary>Readers of stored models by their kind.</summary>
    public static IReadOnlyDictionary<string, Func<ArchiveReader, Model>> Readers { get; } = new Dictionary<string, Func<ArchiveReader, Model>>(StringComparer.Ordinal)
    {
        [MlpModel.KindName] = MlpModel.Read,
        [CnnModel.KindName] = CnnModel.Read,
        [TransformerModel.KindName] = TransformerModel.Read,
    };

    /// <summary>The network of a learner as it is before its first step, for the recipe of debugging; <c>null</c> for learners without one.</summary>
    public static TrainingSubject? Network(Learner learner, Configuration settings, Table training, IReadOnlyList<ColumnSpec> columns, Target answers, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(context);
        if (learner is not INetworkLearner networks)
        {
            return null;
        }

        var (_, x) = Featurizer.Fit(training, columns, answers, learner.Form(answers.Task, settings), context.Seed, context.Threads, context.Cancellation);
        return new TrainingSubject { Network = networks.Untrained(new TrainingSet(x, answers), settings, new FitContext(context.Seed, context.Threads, null, context.Cancellation)) };
    }

    /// <summary>Adds them to the catalogs of learners and of stored models. Calling again does nothing.</summary>
    public static void Register()
    {
        LearnerCatalog.Extend(() => All);
        ModelCatalog.Extend(() => Readers);
    }
}
