using Roux.Learning.Data;
using Roux.Learning.Features;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>A perceptron; a step is an epoch.</summary>
internal sealed class NetworkProblem(LiveData data) : LiveProblem(data, "network", steps: 27)
{
    public override SearchSpace Space { get; } = new(
        new FloatParameter("rate", 1e-4, 1, Log: true),
        new FloatParameter("momentum", 0, 0.98),
        new FloatParameter("decay", 1e-6, 0.1, Log: true),
        new FloatParameter("dropout", 0, 0.7),
        new IntParameter("batch", 8, 256, Log: true),
        new IntParameter("layers", 1, 3),
        new IntParameter("units", 4, 64, Log: true),
        new CategoricalParameter("activation", ["relu", "tanh"]));

    public override ILiveTraining Start(Configuration configuration, int seed) => new NetworkTraining(Data, configuration, seed);
}

/// <summary>
/// A perceptron in training. Rate, momentum, decay and dropout may change between epochs, and the whole state can be copied: what
/// population based training does.
/// </summary>
internal sealed class NetworkTraining : ILiveTraining
{
    private readonly LiveData data;
    private readonly float[] rows;
    private readonly float[] held;
    private readonly int columns;
    private readonly Network network;
    private readonly int seed;
    private readonly double mean;
    private readonly double deviation = 1;
    private int epoch;

    public NetworkTraining(LiveData data, Configuration configuration, int seed)
    {
        (this.data, this.seed, Configuration) = (data, seed, configuration);
        var (training, validation) = data.Features(FeatureForm.Linear);
        (rows, held, columns) = (Dense(training), Dense(validation), training.Columns);
        if (data.TrainingTarget.Task == TaskKind.Regression)
        {
            mean = data.TrainingTarget.Values.Average();
            deviation = Math.Sqrt(data.TrainingTarget.Values.Average(value => (value - mean) * (value - mean)));
        }

        int[] hidden = [.. Enumerable.Repeat(configuration.Int("units", 32), configuration.Int("layers", 1))];
        network = new Network([columns, .. hidden, data.TrainingTarget.Width], configuration.Choice("activation", "relu") == "tanh", new Random(seed));
    }

    private NetworkTraining(NetworkTraining other, Configuration configuration)
    {
        (data, seed, rows, held, columns, mean, deviation, epoch) = (other.data, other.seed, other.rows, other.held, other.columns, other.mean, other.deviation, other.epoch);
        (network, Configuration, IsSplit) = (other.network.Copy(), configuration, other.IsSplit);
    }

    /// <summary>Rate, momentum, decay, dropout and batch of the epochs to come.</summary>
    public Configuration Configuration { get; set; }

    /// <summary>This training as it stands, to go on under other settings.</summary>
    public NetworkTraining Copy(Configuration configuration) => new(this, configuration);

    /// <summary>Whether only every other validation row is looked at while training goes on.</summary>
    public bool IsSplit { get; init; }

    /// <summary>The loss on the validation rows that were not looked at.</summary>
    public double Unseen => Loss(1, 2);

    public double Advance()
    {
        var random = new Random(unchecked(seed * 7_919 + ++epoch));
        var order = Enumerable.Range(0, data.TrainingTarget.Count).ToArray();
        random.Shuffle(order);
        var (rate, momentum, decay, dropout) = (Configuration.Float("rate", 0.1), Configuration.Float("momentum", 0.9), Configuration.Float("decay", 1e-4), Configuration.Float("dropout", 0));
        foreach (var batch in order.Chunk(Configuration.Int("batch", 32)))
        {
            foreach (var row in batch)
            {
                network.Learn(rows.AsSpan(row * columns, columns), outputs => Error(outputs, row), dropout, random);
            }

            network.Step(batch.Length, rate, momentum, decay);
        }

        return Loss(0, IsSplit ? 2 : 1);
    }

    public void Dispose()
    {
    }

    /// <summary>The derivative of the logarithmic loss (after a softmax), or of half the squared error.</summary>
    private void Error(Span<float> outputs, int row)
    {
        if (data.TrainingTarget.Task == TaskKind.Regression)
        {
            outputs[0] -= (float)((data.TrainingTarget.Values[row] - mean) / deviation);
            return;
        }

        System.Numerics.Tensors.TensorPrimitives.SoftMax<float>(outputs, outputs);
        outputs[data.TrainingTarget.Labels[row]] -= 1;
    }

    private double Loss(int first, int stride)
    {
        var (sum, counted, answers) = (0.0, 0, data.ValidationTarget);
        for (var row = first; row < answers.Count; row += stride, counted++)
        {
            var outputs = network.Predict(held.AsSpan(row * columns, columns));
            if (answers.Task == TaskKind.Regression)
            {
                sum += Math.Pow(answers.Values[row] - mean - deviation * outputs[0], 2);
                continue;
            }

            var (most, total) = ((double)System.Numerics.Tensors.TensorPrimitives.Max(outputs), 0.0);
            foreach (var output in outputs)
            {
                total += Math.Exp(output - most);
            }

            sum += Math.Log(total) + most - outputs[answers.Labels[row]];
        }

        return answers.Task == TaskKind.Regression ? Math.Sqrt(sum / counted) : sum / counted;
    }

    private static float[] Dense(FeatureMatrix matrix)
    {
        if (matrix.Dense is { } dense)
        {
            return dense;
        }

        var values = new float[matrix.Rows * matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var i = matrix.RowStarts![row]; i < matrix.RowStarts[row + 1]; i++)
            {
                values[row * matrix.Columns + matrix.Indices![i]] = matrix.Values![i];
            }
        }

        return values;
    }
}
