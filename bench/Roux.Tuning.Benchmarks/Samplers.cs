namespace Roux.Tuning.Benchmarks;

internal static class Samplers
{
    public static Sampler Of(string name) => Sampler.Of(name);
}
