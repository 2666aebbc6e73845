using Roux.Learning.Data;
using Roux.Learning.Learners;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Roux.Torch.Text;

/// <summary>Fits one transformer.</summary>
internal sealed class TransformerFit(TrainingSet training, double[] rowWeights, TransformerSettings settings, FitContext context)
{
    /// <summary>Rows of which batches of like length are made, in batches: enough to waste little, few enough to keep their order random.</summary>
    private const int PoolBatches = 32;

    private readonly int[] places = TextSequences.Places(training.X.Features);

    /// <summary>Builds, loads or draws, and trains the network.</summary>
    /// <exception cref="LearnerException">There are no texts, the weights do not fit the vocabulary, or training diverges.</exception>
    public Model Run()
    {
        var config = Config();
        var sequences = TextSequences.Read(training.X, places, config.Positions, config.Types);
        return TorchSession.Run(context.Seed, context.Threads, context.Cancellation, () =>
        {
            var network = new TextNetwork(config, training.Y.Task == TaskKind.Regression ? 1 : training.Y.Classes.Length, settings.Pooling);
            network.Initialise();
            if (settings.Folder is { } folder)
            {
                PretrainedText.Load(folder, network);
            }

            var answers = TextAnswers.Of(training.Y, rowWeights);
            Train(network, sequences, answers);
            network.eval();
            return new TransformerModel(ModelHead.Of(training), network, places, answers.Mean, answers.Deviation);
        });
    }

    private BertConfig Config()
    {
        var pieces = training.X.Features[0].Levels;
        if (settings.Folder is not { } folder)
        {
            return new BertConfig(
                pieces, settings.Hidden, settings.Layers, settings.Heads, 4 * settings.Hidden, training.X.Columns, Math.Min(2, places.Length),
                Dropout: settings.Dropout, AttentionDropout: settings.Dropout);
        }

        var config = PretrainedText.ReadConfig(folder) with { Dropout = settings.Dropout, AttentionDropout = settings.Dropout };
        return pieces <= config.Vocabulary ? config : throw new LearnerException($"'{folder}': vocab.txt has {pieces} pieces, config.json speaks of {config.Vocabulary}: they are not of the same model");
    }

    private void Train(TextNetwork network, TextSequences sequences, TextAnswers answers)
    {
        var groups = TextParameters.Groups(network, settings);
        using var optimizer = optim.AdamW(groups.Select(group => group.Parameters), settings.Rate, 0.9, 0.999, 1e-8);
        var trained = network.parameters().Where(parameter => parameter.requires_grad).ToArray();
        var perEpoch = (sequences.Count + settings.Batch - 1) / settings.Batch;
        var (steps, step) = (perEpoch * settings.Epochs, 0);
        var random = SplitMix64.For(context.Seed, 0);
        network.train();
        for (var epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            var total = 0.0;
            foreach (var batch in Batches(sequences, ref random))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var factor = Factor(step++, steps);
                foreach (var (parameters, rate) in groups)
                {
                    parameters.LearningRate = rate * factor;
                }

                total += Step(network, optimizer, trained, sequences, answers, batch);
            }

            context.Progress?.Invoke(epoch, total / perEpoch);
        }
    }

    private double Step(TextNetwork network, optim.Optimizer optimizer, Parameter[] trained, TextSequences sequences, TextAnswers answers, int[] rows)
    {
        using var scope = NewDisposeScope();
        using var batch = TextBatch.Of(sequences, rows);
        optimizer.zero_grad();
        var loss = answers.Loss(network.forward(batch.Ids, batch.Segments, batch.Present), rows);
        loss.backward();
        if (settings.Clip > 0)
        {
            nn.utils.clip_grad_norm_(trained, settings.Clip);
        }

        optimizer.step();
        var value = loss.item<float>();
        return float.IsFinite(value) ? value : throw new LearnerException($"the loss of the transformer is no number any more: training diverges with lr {settings.Rate:R}; take a smaller one");
    }

    /// <summary>The rate rises in a line from 0 and falls in a line to 0.</summary>
    private double Factor(int step, int steps)
    {
        var warm = settings.WarmUp * steps;
        return step < warm ? (step + 1) / Math.Ceiling(warm) : Math.Max(0, (steps - step) / Math.Max(1, steps - warm));
    }

    /// <summary>All rows in random order, in batches of like length.</summary>
    private List<int[]> Batches(TextSequences sequences, ref SplitMix64 random)
    {
        var order = Enumerable.Range(0, sequences.Count).ToArray();
        random.Shuffle<int>(order);
        var batches = order.Chunk(settings.Batch * PoolBatches).SelectMany(pool => sequences.ByLength(pool).Chunk(settings.Batch)).ToArray();
        random.Shuffle<int[]>(batches);
        return [.. batches];
    }
}
