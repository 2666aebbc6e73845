using TorchSharp;
using static TorchSharp.torch;

namespace Roux.Torch.Probes;

/// <summary>The state of a module and of the random numbers, set back when disposed: weights, buffers, gradients, and which parts are in training mode.</summary>
internal sealed class Borrowed : IDisposable
{
    private readonly List<(Tensor Live, Tensor Kept)> tensors = [];
    private readonly List<(Tensor Live, Tensor? Kept)> gradients = [];
    private readonly List<(nn.Module Part, bool Training)> modes = [];
    private readonly Tensor random;

    public Borrowed(nn.Module module)
    {
        using var still = no_grad();
        foreach (var (_, parameter) in module.named_parameters())
        {
            tensors.Add((parameter, parameter.detach().clone().DetachFromDisposeScope()));
            gradients.Add((parameter, parameter.grad?.clone().DetachFromDisposeScope()));
        }

        foreach (var (_, buffer) in module.named_buffers())
        {
            tensors.Add((buffer, buffer.detach().clone().DetachFromDisposeScope()));
        }

        modes.Add((module, module.training));
        foreach (var (_, part) in module.named_modules())
        {
            modes.Add((part, part.training));
        }

        random = get_rng_state().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        using (no_grad())
        {
            foreach (var (live, kept) in tensors)
            {
                live.copy_(kept);
                kept.Dispose();
            }
        }

        foreach (var (live, kept) in gradients)
        {
            live.grad = kept;
        }

        // train() and eval() reach down: containers come first, their parts after them.
        foreach (var (part, training) in modes)
        {
            if (training)
            {
                part.train();
            }
            else
            {
                part.eval();
            }
        }

        set_rng_state(random);
        random.Dispose();
    }
}
