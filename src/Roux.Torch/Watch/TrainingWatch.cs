using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Debugging.Signals;
using Roux.Torch.Probes;
using Roux.Torch.Training;
using Roux.Tracking;
using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Watch;

/// <summary>
/// Watches a TorchSharp module being trained: norms of gradients, weights and updates, statistics of activations, dead and saturated shares, NaN,
/// loss and learning rate become metrics of the run every few steps, and what checks find becomes part of it while it goes on.
/// With Roux's own loop it is an observer; in a loop of your own, one call attaches it and one a step tells it the loss:
/// <code>
/// using var watch = TrainingWatch.Attach(model, run, optimizer);
/// …
/// loss.backward();
/// watch.Step(loss);      // after backward, before optimizer.step()
/// optimizer.step();
/// </code>
/// </summary>
public sealed class TrainingWatch : ITrainingObserver, IDisposable
{
    private const int MarkedSteps = 6;

    private readonly nn.Module module;
    private readonly optim.Optimizer? optimizer;
    private readonly WatchOptions options;
    private readonly TrainingFacts facts;
    private readonly Run? run;
    private readonly SignalRecorder recorder;
    private readonly ParameterWatch parameters;
    private readonly ActivationWatch activations;
    private readonly List<Action> unhook = [];
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly List<Finding> findings = [];
    private readonly bool hasModes;
    private long step, looks, nextJudgement = 10;
    private bool looking = true, wasEvaluatedInTraining, tracing, ended;
    private int marked;
    private bool steppedSinceBackward = true;
    private double carried = -1;
    private Tensor? lastInput;

    private TrainingWatch(nn.Module module, Run? run, optim.Optimizer? optimizer, WatchOptions options, TrainingFacts facts)
    {
        (this.module, this.run, this.optimizer, this.options, this.facts) = (module, run, optimizer, options, facts);
        recorder = new SignalRecorder(run);
        parameters = new ParameterWatch(module, recorder, options);
        activations = new ActivationWatch(module, recorder, options);
        hasModes = ModuleTree.Of(module).Any(part => part.Kind is ModuleKind.Dropout or ModuleKind.BatchNorm);
        if (module is nn.Module<Tensor, Tensor> simple)
        {
            var before = simple.register_forward_pre_hook((_, input) =>
            {
                Entering(input);
                return input;
            });
            var after = simple.register_forward_hook((_, _, output) => Leaving(output));
            unhook.Add(before.remove);
            unhook.Add(after.remove);
        }

        activations.Start(0);
    }

    /// <summary>What was found so far, each check once.</summary>
    public IReadOnlyList<Finding> Found => findings;

    /// <summary>Attaches a watch. Detach it by disposing it; the module is not changed and not disposed.</summary>
    /// <param name="module">The network; hooks are called where its parts are run by <c>call</c>.</param>
    /// <param name="run">Gets metrics and findings; may be left out, then they are only kept.</param>
    /// <param name="optimizer">Tells the learning rate.</param>
    /// <param name="options">How often, and what.</param>
    /// <param name="facts">What is known of the task, such as loss and number of classes: more can be judged.</param>
    public static TrainingWatch Attach(nn.Module module, Run? run = null, optim.Optimizer? optimizer = null, WatchOptions? options = null, TrainingFacts? facts = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        TorchLibrary.Load();
        var chosen = options ?? new WatchOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen.Every, 1);
        return new TrainingWatch(module, run, optimizer, chosen, facts ?? new TrainingFacts());
    }

    /// <summary>Attaches a watch that looks every so many steps.</summary>
    public static TrainingWatch Attach(nn.Module module, Run? run, int every) => Attach(module, run, null, new WatchOptions { Every = every });

    /// <summary>Tells of a step in a loop of your own: after the backward pass, before the optimiser's step.</summary>
    /// <param name="loss">The batch's loss.</param>
    public void Step(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        parameters.Changes();
        Backward(loss, optimizer?.ParamGroups.First().LearningRate, null);
        PlanNext();
    }

    /// <summary>Notes a validation result.</summary>
    /// <param name="loss">Loss of the validation data.</param>
    /// <param name="accuracy">Share of right answers, where there is one.</param>
    public void Validation(double loss, double? accuracy = null)
    {
        recorder.Add(SignalNames.ValidationLoss, loss, step);
        if (accuracy is { } right)
        {
            recorder.Add(SignalNames.ValidationAccuracy, right, step);
        }
    }

    /// <summary>What was recorded so far.</summary>
    public TrainingSignals Signals()
    {
        var signals = recorder.Signals(new Dictionary<string, string>());
        return signals with { Facts = facts with { IsGame = signals.Facts.IsGame } };
    }

    /// <summary>Takes the hooks off and judges the whole training.</summary>
    public void Dispose() => End();

    void ITrainingObserver.GradientsReady(TrainingStep at)
    {
        Backward(at.Loss!, at.LearningRate, at.Batch);
    }

    void ITrainingObserver.StepDone(TrainingStep at)
    {
        parameters.Changes();
        PlanNext();
    }

    void ITrainingObserver.EpochDone(TrainingStep at, EpochSummary epoch)
    {
        if (!double.IsNaN(epoch.ValidationLoss))
        {
            Validation(epoch.ValidationLoss);
        }
    }

    void ITrainingObserver.Ended(TrainingStep at) => End();

    private void Backward(Tensor loss, double? rate, Batch? batch)
    {
        activations.Finish();
        // Reading a number from a graphics processor waits for it: there only at steps looked at.
        if (looking || loss.device_type == DeviceType.CPU)
        {
            var value = loss.ToDouble();
            recorder.Add(SignalNames.Loss, value, step);
            if (rate is { } learning && looking)
            {
                recorder.Add(SignalNames.LearningRate, learning, step);
            }

            if (!double.IsFinite(value) && told.Add("traced"))
            {
                Trace(batch);
            }
        }

        if (looking)
        {
            parameters.Gradients(step);
            if (carried >= 0)
            {
                recorder.Add(SignalNames.GradientCarry, carried, step);
                carried = -1;
            }

            if (wasEvaluatedInTraining)
            {
                recorder.Add(SignalNames.EvaluatedInTrainingMode, 1, step);
                wasEvaluatedInTraining = false;
            }

            looks++;
            JudgeWhenDue();
        }

        steppedSinceBackward = true;
    }

    private void PlanNext()
    {
        step++;
        looking = step < 3 || step % options.Every == 0;
        if (looking)
        {
            activations.Start(step);
        }
    }

    private void Entering(Tensor input)
    {
        if (!is_grad_enabled())
        {
            wasEvaluatedInTraining |= hasModes && module.training && !tracing;
            return;
        }

        if (module.training)
        {
            lastInput?.Dispose();
            lastInput = input.detach().DetachFromDisposeScope();
        }
    }

    private Tensor Leaving(Tensor output)
    {
        // Gradients that are there when a backward pass begins, after the optimiser has stepped, were not reset.
        if (!looking || marked >= MarkedSteps || !module.training || !output.requires_grad || step == 0)
        {
            return output;
        }

        marked++;
        var stepped = steppedSinceBackward;
        steppedSinceBackward = false;
        return BackwardMark.On(output, () =>
        {
            if (stepped)
            {
                carried = parameters.Carried(optimizer);
            }
        });
    }

    // The weights are still those that gave the loss: the same input once more shows where it began.
    private void Trace(Batch? batch)
    {
        var input = batch?.Input ?? lastInput;
        if (input is null || !input.is_floating_point())
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var still = no_grad();
        var bad = input.isfinite().logical_not().reshape(input.shape[0], -1).any(1);
        var rows = bad.to(ScalarType.Float32).sum().ToDouble();
        recorder.Add(SignalNames.InputNonFinite, rows, step);
        if (rows > 0)
        {
            recorder.Add(SignalNames.InputBadRow, bad.to(ScalarType.Int64).argmax().ToDouble(), step);
        }

        if (module is nn.Module<Tensor, Tensor> simple && module.training)
        {
            tracing = true;
            activations.Start(step);
            simple.call(input);
            activations.Finish();
            tracing = false;
        }
    }

    private void JudgeWhenDue()
    {
        if (!options.Judge || looks < nextJudgement)
        {
            return;
        }

        nextJudgement *= 2;
        Tell(TrainingChecks.Live);
    }

    private void Tell(IReadOnlyList<TrainingCheck> checks)
    {
        foreach (var finding in FindingList.Of(TrainingReview.Of(new TrainingSubject { Signals = Signals() }, new CheckContext(), checks), TrainingReview.Cards))
        {
            if (told.Add(finding.Check))
            {
                findings.Add(finding);
                run?.LogFinding(finding);
            }
        }
    }

    private void End()
    {
        if (ended)
        {
            return;
        }

        ended = true;
        parameters.Changes();
        if (options.Judge)
        {
            Tell(TrainingChecks.OfCurves);
        }

        foreach (var remove in unhook)
        {
            remove();
        }

        activations.Dispose();
        parameters.Dispose();
        lastInput?.Dispose();
        lastInput = null;
    }
}
