using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;
using Roux.Tuning;

namespace Roux.Learning.Learners;

/// <summary>
/// Answers a multi-label question one label at a time with any learner that answers binary ones
/// (binary relevance; Tsoumakas and Katakis 2007, section 3.1).
/// </summary>
public static class OneVsRest
{
    /// <summary>Fits one binary model per label. A label that every training row has, or none, gets a constant.</summary>
    /// <param name="learner">Must support <see cref="TaskKind.Binary"/>.</param>
    /// <param name="training">With a multilabel target.</param>
    /// <param name="configuration">Settings of <paramref name="learner"/>, the same for every label.</param>
    /// <param name="context">Progress is told (labels done, 0).</param>
    /// <exception cref="LearnerException">The learner does not answer binary questions.</exception>
    public static Model Fit(Learner learner, TrainingSet training, Configuration configuration, FitContext context)
    {
        if (training.Y.Task != TaskKind.Multilabel)
        {
            throw new LearnerException($"one-vs-rest answers multi-label questions, not {training.Y.Task}");
        }

        if (!learner.Supports(TaskKind.Binary))
        {
            throw new LearnerException($"{learner.Card.Name} answers no binary questions, so it cannot answer multi-label ones label by label");
        }

        var models = new Model[training.Y.Classes.Length];
        for (var label = 0; label < models.Length; label++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var y = training.Y.Label(label);
            var one = training with { Y = y };
            var count = y.Labels.Sum();
            models[label] = count == 0 || count == y.Count
                ? Baselines.ConstantModel.OfDistribution(one)
                : learner.Fit(one, configuration, context with { Progress = null });
            context.Progress?.Invoke(label + 1, 0);
        }

        return new OneVsRestModel(models);
    }
}

/// <summary>One binary model per label.</summary>
internal sealed class OneVsRestModel(Model[] models) : Model
{
    public const string KindName = "one-vs-rest";

    /// <summary>One a label.</summary>
    public IReadOnlyList<Model> Models => models;

    public override string Kind => KindName;

    public override long ParameterCount => models.Sum(model => model.ParameterCount);

    /// <summary>The mean over the labels of each model's importance scaled to sum to 1.</summary>
    public override double[]? Importance
    {
        get
        {
            double[]? mean = null;
            foreach (var model in models)
            {
                if (model.Importance is not { } importance)
                {
                    continue;
                }

                mean ??= new double[importance.Length];
                var total = importance.Sum();
                for (var j = 0; j < importance.Length && total > 0; j++)
                {
                    mean[j] += importance[j] / total / models.Length;
                }
            }

            return mean;
        }
    }

    public override Predictions Predict(FeatureMatrix x)
    {
        var values = new double[(long)x.Rows * models.Length];
        for (var label = 0; label < models.Length; label++)
        {
            var predictions = models[label].Predict(x);
            for (var row = 0; row < x.Rows; row++)
            {
                values[(long)row * models.Length + label] = predictions.Values[2 * row + 1];
            }
        }

        return new Predictions(TaskKind.Multilabel, models.Length, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        archive.WriteJson("model", new System.Text.Json.Nodes.JsonObject
        {
            ["kinds"] = new System.Text.Json.Nodes.JsonArray([.. models.Select(model => (System.Text.Json.Nodes.JsonNode)model.Kind)]),
        });
        for (var label = 0; label < models.Length; label++)
        {
            models[label].Write(archive.In(FormattableString.Invariant($"label-{label}")));
        }
    }

    public static OneVsRestModel Read(ArchiveReader archive)
    {
        if (archive.ReadJson("model")["kinds"] is not System.Text.Json.Nodes.JsonArray { Count: > 0 } kinds)
        {
            throw new InvalidDataException("model.json: 'kinds' is not a list of model kinds");
        }

        var models = new Model[kinds.Count];
        for (var label = 0; label < models.Length; label++)
        {
            var kind = kinds[label]?.ToString() ?? "";
            if (kind == KindName)
            {
                throw new InvalidDataException("model.json: one-vs-rest holds binary models, not another one-vs-rest");
            }

            models[label] = ModelCatalog.Read(kind, archive.In(FormattableString.Invariant($"label-{label}")));
        }

        return new OneVsRestModel(models);
    }
}
