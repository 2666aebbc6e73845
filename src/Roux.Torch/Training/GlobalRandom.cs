using TorchSharp;

namespace Roux.Torch.Training;

/// <summary>
/// libtorch draws initial weights and dropout from one generator that the whole process shares. Who needs numbers that depend on a seed alone holds
/// it meanwhile: others wait. Afterwards it goes on as if nothing had been drawn. Code that draws from it at the same time on another thread without
/// holding it disturbs the numbers; a module that draws from a <see cref="torch.Generator"/> of its own is free of all that.
/// </summary>
public static class GlobalRandom
{
    private static readonly Lock Gate = new();

    /// <summary>Makes something, such as a network with its initial weights, from a seed.</summary>
    public static T From<T>(int seed, Func<T> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        using var hold = new Hold(seed, default);
        return make();
    }

    /// <summary>Holds the generator on the current thread until disposed, on the same thread; may be nested.</summary>
    internal sealed class Hold : IDisposable
    {
        private readonly torch.Tensor before;

        public Hold(int seed, CancellationToken cancellation)
        {
            TorchLibrary.Load();
            while (!Gate.TryEnter(TimeSpan.FromMilliseconds(50)))
            {
                cancellation.ThrowIfCancellationRequested();
            }

            before = torch.get_rng_state().DetachFromDisposeScope();
            torch.manual_seed(seed);
        }

        public void Dispose()
        {
            torch.set_rng_state(before);
            before.Dispose();
            Gate.Exit();
        }
    }
}
