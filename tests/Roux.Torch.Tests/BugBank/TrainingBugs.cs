using Roux.Debugging.Signals;
using Roux.Debugging.Tests.BugBank;
using Roux.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.BugBank;

/// <summary>Trainings that are wrong on purpose.</summary>
internal static class TrainingBugs
{
    public static IReadOnlyList<Bug> All { get; } =
    [
        Of("softmax twice", ["softmax-twice"], new() { Net = () => Sequential(Linear(Nets.Width, 32), ReLU(), Linear(32, 3), Softmax(1)), Data = () => Nets.Clouds() }),
        Of("missing ReLU", ["missing-activation"], new() { Net = () => Sequential(Linear(Nets.Width, 32), Linear(32, 3)), Data = () => Nets.Clouds() }),
        Of("missing ReLU in the middle", ["missing-activation"], new() { Net = () => Sequential(Linear(Nets.Width, 32), ReLU(), Linear(32, 32), Linear(32, 3)), Data = () => Nets.Clouds() }),
        Of("learning rate x1000, Adam", ["learning-rate-range", "update-ratio"], new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), Optimizer = module => optim.Adam(module.parameters(), 3) }),
        Of("learning rate x1000, SGD", ["learning-rate-range", "update-ratio", "not-finite"], new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), Optimizer = module => optim.SGD(module.parameters(), 100, 0.9) }),
        Of("learning rate /10,000, Adam", ["learning-rate-range", "update-ratio", "learning-rate-too-low"], new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), Optimizer = module => optim.Adam(module.parameters(), 1e-7) }),
        Of("learning rate /10,000, SGD", ["learning-rate-range", "update-ratio", "learning-rate-too-low"], new() { Net = () => Nets.Cnn(), Data = () => Nets.Images(), Optimizer = module => optim.SGD(module.parameters(), 1e-6, 0.9) }),
        Of("zeros at the start", ["all-zero", "symmetric-units"], new() { Net = () => Nets.Mlp().With((_, parameter) => parameter.zero_()), Data = () => Nets.Clouds() }),
        Of("the same constant at the start", ["symmetric-units"], new() { Net = () => Nets.Mlp().With((_, parameter) => parameter.fill_(0.1)), Data = () => Nets.Clouds() }),
        Of("huge weights at the start", ["poor-initialisation", "initial-loss"], new() { Net = () => Nets.Mlp(layers: 4).With((_, parameter) => parameter.mul_(30)), Data = () => Nets.Clouds() }),
        Of("tiny weights at the start", ["poor-initialisation", "vanishing-gradient"], new() { Net = () => Nets.Mlp(layers: 5).With((_, parameter) => parameter.mul_(0.01)), Data = () => Nets.Clouds() }),
        Of("a frozen layer", ["frozen-parameter"], new() { Net = () => Nets.Mlp(layers: 3).With((name, parameter) => parameter.requires_grad = !name.StartsWith("fc1", StringComparison.Ordinal)), Data = () => Nets.Clouds() }),
        Of("the optimiser has the last layer only", ["frozen-parameter", "unchanged-tensor"], new() { Net = () => Nets.Mlp(layers: 3), Data = () => Nets.Clouds(), Optimizer = module => optim.Adam(module.named_parameters().Where(pair => pair.name.StartsWith("out", StringComparison.Ordinal)).Select(pair => pair.parameter), 3e-3) }),
        Of("a part that is not used", ["unconnected-parameter"], new() { Net = Unused, Data = () => Nets.Clouds() }),
        Of("an output that is detached", ["unconnected-parameter"], new() { Net = Detached, Data = () => Nets.Clouds() }),
        Of("gradients never reset", ["gradients-not-reset"], new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), OwnStep = WithoutReset }),
        Of("dropout on in evaluation", ["evaluation-in-training-mode"], new() { Net = () => Nets.Mlp(dropout: 0.3), Data = () => Nets.Clouds(), OwnEvaluation = (module, inputs) => ((Module<Tensor, Tensor>)module).call(inputs[0]) }),
        Of("batch norm in training mode in evaluation", ["evaluation-in-training-mode"], new() { Net = () => Nets.Cnn(norm: true), Data = () => Nets.Images(), OwnEvaluation = (module, inputs) => ((Module<Tensor, Tensor>)module).call(inputs[0]) }),
        Of("functional dropout that is always on", ["evaluation-in-training-mode"], new() { Net = AlwaysDropping, Data = () => Nets.Clouds() }),
        Of("dead ReLU by bias -10", ["dead-relu"], new() { Net = () => Nets.Mlp(layers: 3).With((name, parameter) => { if (name == "fc1.bias") { parameter.fill_(-10); } }), Data = () => Nets.Clouds() }),
        Of("deep net of sigmoids", ["vanishing-gradient"], new() { Net = () => Nets.Mlp(layers: 9, activation: () => Sigmoid()), Data = () => Nets.Clouds() }),
        Of("inputs x255", ["input-scale"], new() { Net = () => Nets.Cnn(), Data = () => Scaled(Nets.Images(), 255) }),
        Of("saturated tanh", ["saturated-activation", "poor-initialisation"], new() { Net = () => Nets.Mlp(layers: 3, activation: () => Tanh()).With((name, parameter) => { if (name.StartsWith("fc", StringComparison.Ordinal)) { parameter.mul_(25); } }), Data = () => Nets.Clouds() }),
        Of("labels shuffled", ["validation-at-chance", "at-chance"], new() { Net = () => Nets.Mlp(hidden: 128), Data = () => Nets.Clouds(), Steps = 500, Labels = labels => labels.index_select(0, randperm(labels.shape[0])), Optimizer = module => optim.Adam(module.parameters(), 1e-2) }),
        Of("labels of the training rows shifted by one class", ["validation-at-chance"], new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds(), Labels = labels => (labels + 1).remainder(3) }),
        Of("labels begin at one", ["labels-off-by-one"], new() { Net = () => Nets.Mlp(outputs: 4), Classes = 4, Data = () => Nets.Clouds() is var (x, y) ? (x, y + 1) : default }),
        Of("squared error for classes", ["loss-mismatch"], new() { Net = () => Nets.Mlp(outputs: 1), Kind = LossKind.Squared, Data = () => Nets.Clouds() is var (x, y) ? (x, y.to(ScalarType.Float32)) : default }),
        Of("sigmoid before a loss of logits", ["loss-mismatch"], new() { Net = () => Sequential(Linear(Nets.Width, 32), ReLU(), Linear(32, 1), Sigmoid()), Kind = LossKind.BinaryCrossEntropy, Data = () => Nets.YesNo() }),
        Of("ReLU at the end of a regression", ["loss-mismatch"], new() { Net = () => Sequential(Linear(Nets.Width, 32), ReLU(), Linear(32, 1), ReLU()), Kind = LossKind.Squared, Data = Nets.Numbers }),
        Of("batch norm at batch size 1", ["batch-norm-batch-one"], new() { Net = () => Nets.Cnn(norm: true), Data = () => Nets.Images(), BatchSize = 1 }),
        Of("exploding recurrent weights", ["recurrent-radius"], new() { Net = () => Nets.Recurrent("rnn", 6), Data = Nets.Sequences }),
        Of("rows of NaN", ["not-finite"], new() { Net = () => Nets.Mlp(), Data = () => Nets.Clouds() is var (x, y) ? (x.index_fill(0, tensor(new long[] { 77 }), float.NaN), y) : default }),
        Of("weight decay too strong", ["regularisation-too-strong"], new() { Net = () => Nets.Mlp(layers: 3), Data = () => Nets.Clouds(), Optimizer = module => optim.SGD(module.parameters(), 0.05, weight_decay: 1.0) }),
        Of("overtraining", ["overtraining"], new() { Net = () => Nets.Mlp(hidden: 256, layers: 3), Data = () => Noisy(Nets.Clouds(288, 1.5), 0.3), Steps = 500, Optimizer = module => optim.Adam(module.parameters(), 3e-3) }),
    ];

    private static Bug Of(string name, string[] expected, TrainingCase training) => new(name, expected, training.Findings);

    private static double WithoutReset(Module module, optim.Optimizer optimizer, Batch batch)
    {
        var loss = functional.cross_entropy(((Module<Tensor, Tensor>)module).call(batch.Input), batch.Targets);
        loss.backward();
        optimizer.step();
        return loss.ToDouble();
    }

    public static (Tensor X, Tensor Y) Scaled((Tensor X, Tensor Y) data, double factor) => (data.X * factor, data.Y);

    public static (Tensor X, Tensor Y) Noisy((Tensor X, Tensor Y) data, double share) => (data.X, where(rand(data.Y.shape[0]).lt(share), randint(0, 3, new long[] { data.Y.shape[0] }, ScalarType.Int64), data.Y));

    private static Nets.Own Unused()
    {
        var (body, head, unused) = (Nets.Mlp(16), Linear(16, 3), Linear(16, 16));
        return new Nets.Own(x => head.call(functional.relu(body.call(x))), ("body", body), ("unused", unused), ("head", head));
    }

    private static Nets.Own Detached()
    {
        var (body, head) = (Nets.Mlp(16), Linear(16, 3));
        return new Nets.Own(x => head.call(functional.relu(body.call(x)).detach()), ("body", body), ("head", head));
    }

    private static Nets.Own AlwaysDropping()
    {
        var (body, head) = (Nets.Mlp(16), Linear(16, 3));
        return new Nets.Own(x => head.call(functional.dropout(functional.relu(body.call(x)), 0.5, training: true)), ("body", body), ("head", head));
    }
}
