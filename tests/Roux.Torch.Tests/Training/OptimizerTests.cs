using Roux.Torch.Training.Optimizers;
using Roux.Torch.Training.Schedules;
using Shouldly;
using TorchSharp;
using Xunit;

namespace Roux.Torch.Tests.Training;

public sealed class OptimizerTests
{
    [Fact]
    public void The_fused_step_is_that_of_TorchSharp()
    {
        using var scope = torch.NewDisposeScope();
        using var fused = Blobs.Network(1, 0);
        using var plain = Blobs.Network(1, 0);
        using var own = new AdamWOptions { LearningRate = 0.01, WeightDecay = 0.1, DecayBiases = true }.Create(fused);
        using var theirs = torch.optim.AdamW(plain.parameters(), 0.01, weight_decay: 0.1);
        var x = torch.randn(20, 2);
        for (var step = 0; step < 30; step++)
        {
            foreach (var (network, optimizer) in new[] { (fused, (torch.optim.Optimizer)own), (plain, theirs) })
            {
                optimizer.zero_grad();
                network.forward(x).square().mean().backward();
                optimizer.step();
            }
        }

        Blobs.Weights(fused).Zip(Blobs.Weights(plain)).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(2e-5f);
    }

    [Fact]
    public void Biases_do_not_decay_unless_asked_to()
    {
        using var network = torch.nn.Linear(3, 2);
        using var optimizer = new AdamWOptions { WeightDecay = 0.1 }.Create(network);
        optimizer.ParamGroups.Cast<TorchSharp.Modules.AdamW.ParamGroup>().Select(group => group.Options.weight_decay).ShouldBe([0.1, 0]);
    }

    [Fact]
    public void Long_gradients_are_shortened_and_others_left()
    {
        using var scope = torch.NewDisposeScope();
        using var network = torch.nn.Linear(3, 2);
        var parameters = network.parameters().ToList();
        (network.forward(torch.ones(1, 3)) * 100).sum().backward();
        GradientClipping.Clip(parameters, 1e6).ShouldBe(Math.Sqrt(8) * 100, 1e-2);
        GradientClipping.Clip(parameters, 1).ShouldBe(Math.Sqrt(8) * 100, 1e-2);
        GradientClipping.Clip(parameters, 1).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Schedules_rise_and_fall_as_their_names_say()
    {
        new ConstantSchedule { Warmup = 0.1 }.Factor(0, 100).ShouldBe(1.0 / 11, 1e-9);
        new ConstantSchedule { Warmup = 0.1 }.Factor(10, 100).ShouldBe(1);
        new LinearSchedule { Warmup = 0.5 }.Factor(75, 100).ShouldBe(0.5, 1e-9);
        new CosineSchedule { Floor = 0 }.Factor(50, 100).ShouldBe(0.5, 1e-9);
        new CosineSchedule { Floor = 0.1 }.Factor(100, 100).ShouldBe(0.1, 1e-9);
        var cycle = new OneCycleSchedule();
        cycle.Factor(0, 100).ShouldBe(0.04, 1e-9);
        cycle.Factor(30, 100).ShouldBe(1, 1e-9);
        cycle.Factor(100, 100).ShouldBe(1e-4, 1e-9);
    }
}
