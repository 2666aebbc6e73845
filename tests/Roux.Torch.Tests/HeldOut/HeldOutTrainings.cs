using Roux.Debugging.Signals;
using Roux.Debugging.Tests.BugBank;
using Roux.Torch.Tests.BugBank;
using Roux.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.HeldOut;

/// <summary>Wrong and sound trainings of dense, convolutional and transformer networks that no threshold was chosen beside.</summary>
internal static class HeldOutTrainings
{
    private static readonly string[] TooFast = ["learning-rate-range", "update-ratio", "loss-diverging", "not-finite", "exploding-gradient"];
    private static readonly string[] LearnsNothing = ["at-chance", "validation-at-chance", "loss-not-decreasing", "underfit"];

    public static IReadOnlyList<Bug> Bugs { get; } =
    [
        Dense("softmax before cross entropy", ["softmax-twice"], new() { Net = () => OtherData.Deep(OtherData.Width, 5, last: () => Softmax(1)), Data = () => OtherData.Directions() }),
        Dense("momentum of 0.99 and a rate of 5", TooFast, new() { Net = () => OtherData.Deep(OtherData.Width, 5), Data = () => OtherData.Directions(), Optimizer = module => optim.SGD(module.parameters(), 5, 0.99) }),
        Dense("decay of 20", ["regularisation-too-strong"], new() { Net = () => OtherData.Deep(OtherData.Width, 5), Data = () => OtherData.Directions(), Optimizer = module => optim.AdamW(module.parameters(), 5e-3, weight_decay: 20) }),
        Dense("sigmoids that start at their ends", ["saturated-activation", "poor-initialisation"], new() { Net = () => OtherData.Deep(OtherData.Width, 5, activation: () => Sigmoid()).With((name, parameter) => { if (name.StartsWith("dense", StringComparison.Ordinal)) { parameter.mul_(60); } }), Data = () => OtherData.Directions() }),
        Dense("a target in its own unit of thousands", ["unscaled-targets"], new() { Net = () => OtherData.Deep(OtherData.Width, 1), Data = () => OtherData.Waves() is var (x, y) ? (x, y * 900 + 5000) : default, Kind = LossKind.Squared, Optimizer = module => optim.Adam(module.parameters(), 1e-3) }),
        Dense("an optimiser made before the last layer", ["frozen-parameter", "unchanged-tensor"], new() { Net = () => OtherData.Deep(OtherData.Width, 5), Data = () => OtherData.Directions(), Optimizer = module => optim.Adam(module.named_parameters().Where(pair => !pair.name.StartsWith("answer", StringComparison.Ordinal)).Select(pair => pair.parameter), 3e-3) }),
        Dense("the sign of the loss", ["loss-diverging", "loss-mismatch", "overfit-batch"], new() { Net = () => OtherData.Deep(2, 2), Classes = 2, Data = () => OtherData.Spirals(), Loss = (outputs, batch) => -functional.cross_entropy(outputs, batch.Targets) }),
        Of("pictures from 0 to 255", ["input-scale"], new() { Net = () => OtherData.Convolutions(norm: false), Classes = 4, BatchSize = 32, Data = () => OtherData.Shapes() is var (x, y) ? ((x + 1) * 80, y) : default }),
        Of("a first layer that never fires", ["dead-relu"], new() { Net = () => OtherData.Convolutions(norm: false).With((name, parameter) => { if (name == "c1.bias") { parameter.fill_(-8); } }), Classes = 4, BatchSize = 32, Data = () => OtherData.Shapes() }),
        Of("rows mixed by a view", ["rows-mixed", "depends-on-batch"], new() { Net = OtherData.Viewed, Classes = 4, BatchSize = 32, Data = () => OtherData.Shapes() }),
        Of("no activation between two convolutions", ["missing-activation"], new() { Net = () => Sequential(("c1", Conv2d(2, 12, 3)), ("c2", Conv2d(12, 16, 3, stride: 2)), ("a2", ReLU()), ("flat", Flatten()), ("answer", Linear(144, 4))), Classes = 4, BatchSize = 32, Steps = 60, Data = () => OtherData.Shapes() }),
        Of("labels of the next picture", ["validation-at-chance", "labels-misaligned"], new() { Net = () => OtherData.Convolutions(), Classes = 4, BatchSize = 32, Steps = 300, Data = () => OtherData.Shapes(), Labels = labels => labels.roll(1) }),
        Of("transformer: a rate of 0.3 without warm-up", TooFast, Text() with { Optimizer = module => optim.Adam(module.parameters(), 0.3) }),
        Of("transformer: padding attended to", ["padding-not-masked"], Text(new Encoder { Masked = false })),
        Of("transformer: labels of the next sentence", ["validation-at-chance", "labels-misaligned", "at-chance"], Text() with { Labels = labels => labels.roll(1), Steps = 250 }),
        Of("transformer: an encoder frozen by mistake", ["frozen-parameter"], Text(new Encoder { Change = (name, parameter) => { if (!name.StartsWith("head", StringComparison.Ordinal)) { parameter.requires_grad = false; } } })),
        Of("transformer: one place for all words", LearnsNothing, Text(new Encoder { Placed = false, Dropout = 0, Classes = 2 }) with { Classes = 2, Data = () => Pairs(Encoder.Ordered(720)) }),
        Of("transformer: the end cut off", LearnsNothing, Text(new Encoder { Read = 8 }) with { Data = Encoder.AtTheEnd }),
        Of("transformer: dropout in evaluation", ["evaluation-in-training-mode"], Text(new Encoder { AlwaysDropping = true })),
        Of("transformer: evaluated without eval()", ["evaluation-in-training-mode"], Text(new Encoder { Dropout = 0.3 }) with { OwnEvaluation = (module, inputs) => ((Module<Tensor, Tensor>)module).call(inputs[0]) }),
        Of("transformer: every word unknown", [.. LearnsNothing, "unknown-tokens", "constant-output"], Text() with { Data = () => Encoder.Ordered() is var (x, y) ? (where(x.ne(0), full_like(x, 4), x), y) : default }),
        Of("transformer: SGD at a rate of 30, nothing clipped", TooFast, Text(new Encoder { BeforeNorm = true }) with { Optimizer = module => optim.SGD(module.parameters(), 30) }),
        Of("transformer: empty sentences", ["not-finite"], Text() with { Data = Encoder.WithEmpty }),
        Of("transformer: softmax in the network", ["softmax-twice"], Text(new Encoder { Softmax = true })),
        Of("transformer: a head drawn far too large", ["initial-loss", "poor-initialisation"], Text(new Encoder { Change = (name, parameter) => { if (name.StartsWith("head", StringComparison.Ordinal)) { parameter.mul_(60); } } })),
        Of("transformer: gradients kept", ["gradients-not-reset"], Text() with { OwnStep = (module, optimizer, batch) => { var loss = functional.cross_entropy(((Module<Tensor, Tensor>)module).call(batch.Input), batch.Targets); loss.backward(); optimizer.step(); return loss.ToDouble(); } }),
    ];

    public static IReadOnlyList<Healthy> Healthy { get; } =
    [
        Sound("spirals, tanh", new() { Net = () => OtherData.Deep(2, 2, activation: () => Tanh()), Classes = 2, Data = () => OtherData.Spirals(), Steps = 300, Optimizer = module => optim.Adam(module.parameters(), 1e-2) }),
        Sound("five directions, SiLU", new() { Net = () => OtherData.Deep(OtherData.Width, 5, activation: () => SiLU()), Classes = 5, Data = () => OtherData.Directions(), Steps = 70 }),
        Sound("waves", new() { Net = () => OtherData.Deep(OtherData.Width, 1), Kind = LossKind.Squared, Data = () => OtherData.Waves(), Steps = 120 }),
        Sound("a rare class", new() { Net = () => OtherData.Deep(OtherData.Width, 2, layers: 2), Classes = 2, Data = () => OtherData.Directions() is var (x, y) ? (x, y.eq(0).to(ScalarType.Int64)) : default, Steps = 80 }),
        Sound("shapes, batch norm", new() { Net = () => OtherData.Convolutions(), Classes = 4, BatchSize = 32, Data = () => OtherData.Shapes(), Steps = 60 }),
        Sound("shapes, dropout, SGD", new() { Net = () => OtherData.Convolutions(norm: false, dropout: true), Classes = 4, BatchSize = 32, Data = () => OtherData.Shapes(), Optimizer = module => optim.SGD(module.parameters(), 0.05, 0.9, weight_decay: 1e-4), Steps = 250 }),
        Sound("transformer", Text()),
        Sound("transformer, normalised before", Text(new Encoder { BeforeNorm = true })),
        Sound("transformer, no dropout, AdamW", Text(new Encoder { Dropout = 0 }) with { Optimizer = module => optim.AdamW(module.parameters(), 1e-3, weight_decay: 0.05), Steps = 300 }),
        Sound("transformer, full length", Text() with { Data = Encoder.AtTheEnd }),
        Sound("transformer, label smoothing", Text() with { Smoothing = 0.1 }),
        Sound("transformer, embeddings frozen as pre-trained", Text(new Encoder { Change = (name, parameter) => { if (name.StartsWith("words", StringComparison.Ordinal)) { parameter.requires_grad = false; } } }) with { IsPretrained = true, Optimizer = module => optim.Adam(module.parameters().Where(parameter => parameter.requires_grad), 3e-3) }),
    ];

    private static TrainingCase Text(Encoder? encoder = null) => new() { Net = (encoder ?? new Encoder()).Make, Data = () => Encoder.Ordered(), BatchSize = 32, Optimizer = module => optim.Adam(module.parameters(), 3e-3) };

    /// <summary>Only the sentences of the two classes that differ in the order of two words, called 0 and 1.</summary>
    private static (Tensor X, Tensor Y) Pairs((Tensor X, Tensor Y) data) => data.Y.lt(2).nonzero().flatten() is var rows ? (data.X.index_select(0, rows), data.Y.index_select(0, rows)) : default;

    private static Bug Of(string name, string[] expected, TrainingCase training) => new(name, expected, training.Findings);

    private static Bug Dense(string name, string[] expected, TrainingCase training) => Of(name, expected, training.Classes == 3 ? training with { Classes = 5 } : training);

    private static Healthy Sound(string name, TrainingCase training) => new(name, training.Findings);
}
