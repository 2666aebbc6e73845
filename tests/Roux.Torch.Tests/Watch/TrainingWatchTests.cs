using Roux.Debugging.Signals;
using Roux.Torch.Tests.BugBank;
using Roux.Torch.Training;
using Roux.Torch.Watch;
using Roux.Tracking;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Roux.Torch.Tests.Watch;

public sealed class TrainingWatchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roux-watch-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Norms_and_updates_are_those_of_the_tensors() => GlobalRandom.From(1, () =>
    {
        using var scope = NewDisposeScope();
        var net = Nets.Mlp();
        var (x, y) = Nets.Clouds();
        using var optimizer = optim.SGD(net.parameters(), 0.1);
        using var watch = TrainingWatch.Attach(net, null, optimizer, new WatchOptions { Every = 1, Judge = false });
        var weight = net.named_parameters().First(pair => pair.name == "fc0.weight").parameter;
        var (gradients, updates) = (new List<double>(), new List<double>());
        for (var step = 0; step < 4; step++)
        {
            optimizer.zero_grad();
            var loss = functional.cross_entropy(net.call(x), y);
            loss.backward();
            watch.Step(loss);
            var before = weight.detach().clone();
            gradients.Add(weight.grad!.norm().ToDouble());
            optimizer.step();
            updates.Add((weight - before).norm().ToDouble() / before.norm().ToDouble());
        }

        var layer = watch.Signals().Layers.Single(one => one.Name == "fc0.weight");
        Compare(layer[LayerSignals.GradientNorm]!.Values, gradients);
        Compare(layer[LayerSignals.UpdateRatio]!.Values, updates.Take(3)); // the last step's change is seen at the next
        layer.Constant(LayerSignals.FanIn).ShouldBe(Nets.Width);
        watch.Signals().LearningRate!.Values.ShouldAllBe(rate => rate == 0.1);
        watch.Signals().Loss!.Count.ShouldBe(4);
        return 0;
    });

    [Fact]
    public void The_loop_tells_a_watch_and_the_run_keeps_metrics_and_findings()
    {
        using var tracker = Tracker.Open(folder);
        using var run = tracker.Experiment("e").StartRun("watched");
        GlobalRandom.From(2, () =>
        {
            using var scope = NewDisposeScope();
            var net = Nets.Mlp(layers: 3).With((name, parameter) =>
            {
                if (name == "fc1.bias")
                {
                    parameter.fill_(-10);
                }
            });
            var (x, y) = Nets.Clouds();
            var watch = TrainingWatch.Attach(net, run, every: 2);
            new TrainingLoop(net, batch => net.call(batch.Input), Losses.CrossEntropy(), new TrainingOptions { Epochs = 10, BatchSize = 48 }) { Observers = [watch] }
                .Run(new TensorSource(x, y), new Learning.Learners.FitContext(1, 1));
            return 0;
        });
        run.Finish();
        var record = tracker.GetRun(run.Id);
        record.Metrics.Keys.ShouldContain("watch/act1/dead_fraction");
        record.Metric("watch/act1/dead_fraction").ShouldBe(1);
        record.Findings.Count(finding => finding.Check == "dead-relu").ShouldBe(1);
    }

    [Fact]
    public void The_row_where_NaN_began_is_named() => GlobalRandom.From(3, () =>
    {
        using var scope = NewDisposeScope();
        var net = Nets.Mlp();
        var (x, y) = Nets.Clouds();
        using var optimizer = optim.SGD(net.parameters(), 0.01);
        using var watch = TrainingWatch.Attach(net, null, optimizer, new WatchOptions { Every = 50 });
        for (var step = 0; step < 30; step++)
        {
            optimizer.zero_grad();
            var input = x.clone();
            if (step == 17)
            {
                input[33, 4] = float.NaN;
            }

            var loss = functional.cross_entropy(net.call(input), y);
            loss.backward();
            watch.Step(loss);
            optimizer.step();
        }

        watch.Dispose();
        var finding = watch.Found.Single(one => one.Check == "not-finite");
        finding.Evidence!["first_step"]!.GetValue<double>().ShouldBe(17);
        finding.Evidence["row"]!.GetValue<double>().ShouldBe(33);
        return 0;
    });

    [Fact]
    public void Gradients_that_are_added_up_on_purpose_are_not_blamed() => GlobalRandom.From(4, () =>
    {
        using var scope = NewDisposeScope();
        var net = Nets.Mlp();
        var (x, y) = Nets.Clouds();
        using var optimizer = optim.SGD(net.parameters(), 0.01);
        using var watch = TrainingWatch.Attach(net, null, optimizer, new WatchOptions { Every = 1 });
        for (var step = 0; step < 20; step++)
        {
            optimizer.zero_grad();
            Tensor loss = null!;
            for (var part = 0; part < 3; part++)
            {
                loss = functional.cross_entropy(net.call(x), y);
                loss.backward();
            }

            watch.Step(loss);
            optimizer.step();
        }

        watch.Dispose();
        watch.Found.ShouldNotContain(finding => finding.Check == "gradients-not-reset");
        return 0;
    });

    [Fact]
    public void Watching_changes_no_weight() => GlobalRandom.From(5, () =>
    {
        using var scope = NewDisposeScope();
        var (x, y) = Nets.Clouds();
        var results = new[] { false, true }.Select(watched =>
        {
            manual_seed(9);
            var net = Nets.Mlp(dropout: 0.2);
            using var optimizer = optim.Adam(net.parameters(), 1e-2);
            using var watch = watched ? TrainingWatch.Attach(net, null, optimizer, new WatchOptions { Every = 1 }) : null;
            for (var step = 0; step < 10; step++)
            {
                optimizer.zero_grad();
                var loss = functional.cross_entropy(net.call(x), y);
                loss.backward();
                watch?.Step(loss);
                optimizer.step();
            }

            return net.parameters().First().detach().cpu().data<float>().ToArray();
        }).ToList();
        results[1].ShouldBe(results[0]);
        return 0;
    });

    private static void Compare(double[] seen, IEnumerable<double> expected)
    {
        var values = expected.ToArray();
        seen.Length.ShouldBe(values.Length);
        for (var index = 0; index < values.Length; index++)
        {
            seen[index].ShouldBe(values[index], 1e-4 * Math.Abs(values[index]) + 1e-9);
        }
    }
}
