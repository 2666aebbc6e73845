using Roux.Debugging.Signals;
using Roux.Torch.Probes;
using Roux.Torch.Tests.BugBank;
using Roux.Torch.Training;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Roux.Torch.Tests.Probes;

public sealed class TorchTrainableTests
{
    [Fact]
    public void A_copy_leaves_weights_buffers_modes_and_random_numbers_as_they_were() => GlobalRandom.From(1, () =>
    {
        using var scope = NewDisposeScope();
        var net = Nets.Mlp(norm: true, dropout: 0.5);
        var (x, y) = Nets.Clouds(64);
        var batches = new[] { new Batch([x], y, [.. Enumerable.Range(0, 64)]) };
        using var network = new TorchTrainable(net, inputs => net.call(inputs[0]), Losses.CrossEntropy(), module => optim.Adam(module.parameters(), 0.1), batches);
        net.eval();
        var before = State(net);
        manual_seed(5);
        var expected = rand(3).data<float>().ToArray();
        manual_seed(5);
        using (var copy = network.Copy())
        {
            copy.Reseed(8);
            var first = copy.CleanStep(0);
            Enumerable.Range(0, 30).Select(_ => copy.CleanStep(0)).Last().ShouldBeLessThan(first);
            State(net).ShouldNotBe(before);
        }

        State(net).ShouldBe(before);
        net.training.ShouldBeFalse();
        rand(3).data<float>().ToArray().ShouldBe(expected);
        return 0;
    });

    [Fact]
    public void Parameters_tell_what_the_optimiser_has() => GlobalRandom.From(2, () =>
    {
        using var scope = NewDisposeScope();
        var net = Nets.Mlp(layers: 3);
        var (x, y) = Nets.Clouds(64);
        using var network = new TorchTrainable(net, inputs => net.call(inputs[0]), Losses.CrossEntropy(), module => optim.Adam(module.parameters().Skip(2), 0.1), [new Batch([x], y, [.. Enumerable.Range(0, 64)])]);
        network.Parameters.Where(parameter => !parameter.IsOptimised).Select(parameter => parameter.Name).ShouldBe(["fc0.weight", "fc0.bias"]);
        network.Parameters[0].FanIn.ShouldBe(Nets.Width);
        network.Facts.Loss.ShouldBe(LossKind.Unknown);
        return 0;
    });

    private static float[] State(nn.Module net) => [.. net.state_dict().Values.SelectMany(tensor => tensor.detach().to(ScalarType.Float32).cpu().data<float>().ToArray())];
}
