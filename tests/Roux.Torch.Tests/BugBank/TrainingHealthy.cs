using Roux.Debugging.Signals;
using Roux.Debugging.Tests.BugBank;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.BugBank;

/// <summary>Trainings that are as they should be.</summary>
internal static class TrainingHealthy
{
    public static IReadOnlyList<Healthy> All { get; } =
    [
        Of("MLP, Adam", new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds() }),
        Of("MLP, SGD with momentum", new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), Optimizer = module => optim.SGD(module.parameters(), 0.05, 0.9) }),
        Of("MLP with dropout", new() { Net = () => Nets.Mlp(dropout: 0.3, layers: 3), Data = () => Nets.Clouds() }),
        Of("MLP with batch norm", new() { Net = () => Nets.Mlp(norm: true, layers: 3), Data = () => Nets.Clouds() }),
        Of("small batches", new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), BatchSize = 8, Steps = 300 }),
        Of("logistic regression", new() { Net = () => Nets.Mlp(layers: 1), Data = () => Nets.Clouds() }),
        Of("four hidden layers of tanh", new() { Net = () => Nets.Mlp(layers: 5, activation: () => Tanh()), Data = () => Nets.Clouds() }),
        Of("one hidden layer of sigmoids", new() { Net = () => Nets.Mlp(activation: () => Sigmoid()), Data = () => Nets.Clouds(), Optimizer = module => optim.Adam(module.parameters(), 1e-2) }),
        Of("GELU with layer norm", new() { Net = () => Sequential(Linear(Nets.Width, 32), LayerNorm(32), GELU(), Linear(32, 32), LayerNorm(32), GELU(), Linear(32, 3)), Data = () => Nets.Clouds() }),
        Of("six layers by He", new() { Net = () => Nets.Mlp(layers: 6).With((_, parameter) => { if (parameter.dim() == 2) { init.normal_(parameter, 0, Math.Sqrt(2.0 / parameter.shape[1])); } }), Data = () => Nets.Clouds(), Optimizer = module => optim.Adam(module.parameters(), 1e-3) }),
        Of("residual with a last layer of zeros", new() { Net = Residual, Data = () => Nets.Clouds() }),
        Of("CNN", new() { Net = () => Nets.Cnn(), Data = () => Nets.Images() }),
        Of("CNN with batch norm", new() { Net = () => Nets.Cnn(norm: true), Data = () => Nets.Images(), BatchSize = 20 }),
        Of("RNN", new() { Net = () => Nets.Recurrent("rnn"), Data = Nets.Sequences, Steps = 160 }),
        Of("LSTM", new() { Net = () => Nets.Recurrent("lstm"), Data = Nets.Sequences, Steps = 70, Optimizer = module => optim.Adam(module.parameters(), 1e-2) }),
        Of("GRU", new() { Net = () => Nets.Recurrent("gru"), Data = Nets.Sequences, Steps = 70, Optimizer = module => optim.Adam(module.parameters(), 1e-2) }),
        Of("embedding", new() { Net = Embedded, Data = Nets.Tokens, Optimizer = module => optim.Adam(module.parameters(), 1e-2) }),
        Of("transformer", new() { Net = Transformer, Data = Nets.Tokens, Optimizer = module => optim.Adam(module.parameters(), 2e-3) }),
        Of("regression", new() { Net = () => Nets.Mlp(outputs: 1), Kind = LossKind.Squared, Data = Nets.Numbers, Steps = 300 }),
        Of("yes or no", new() { Net = () => Nets.Mlp(outputs: 1), Kind = LossKind.BinaryCrossEntropy, Data = () => Nets.YesNo() }),
        Of("yes or no, one in ten", new() { Net = () => Nets.Mlp(outputs: 1), Kind = LossKind.BinaryCrossEntropy, Data = () => Nets.YesNo(0.1) }),
        Of("a third of the labels wrong", new() { Net = () => Nets.Mlp(hidden: 16), Data = () => TrainingBugs.Noisy(Nets.Clouds(960), 0.3), Steps = 150 }),
        Of("mild weight decay", new() { Net = () => Nets.Mlp(layers: 3), Data = () => Nets.Clouds(), Optimizer = module => optim.AdamW(module.parameters(), 3e-3, weight_decay: 0.01) }),
        Of("label smoothing", new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), Smoothing = 0.1 }),
        Of("fine-tuning of a head", new() { Net = () => Nets.Mlp(layers: 3).With((name, parameter) => parameter.requires_grad = !name.StartsWith("fc", StringComparison.Ordinal)), Data = () => Nets.Clouds(), IsPretrained = true, Optimizer = module => optim.Adam(module.parameters().Where(parameter => parameter.requires_grad), 1e-2) }),
    ];

    private static Healthy Of(string name, TrainingCase training) => new(name, training.Findings);

    private static Nets.Own Residual()
    {
        var (first, inner, last, head) = (Linear(Nets.Width, 32), Linear(32, 32), Linear(32, 32), Linear(32, 3));
        last.With((_, parameter) => parameter.zero_());
        return new Nets.Own(x =>
        {
            var h = functional.relu(first.call(x));
            return head.call(h + last.call(functional.relu(inner.call(h))));
        }, ("first", first), ("inner", inner), ("last", last), ("head", head));
    }

    private static Nets.Own Embedded()
    {
        var (table, head) = (Embedding(30, 16), Linear(16, 3));
        return new Nets.Own(x => head.call(table.call(x).mean([1])), ("table", table), ("head", head));
    }

    private static Nets.Own Transformer()
    {
        var (table, head) = (Embedding(30, 16), Linear(16, 3));
        var layer = TransformerEncoderLayer(16, 2, 32, dropout: 0.1);
        return new Nets.Own(x => head.call(layer.call(table.call(x).transpose(0, 1), null!, null!).mean([0])), ("table", table), ("layer", layer), ("head", head));
    }
}
