namespace Roux.Tuning.Benchmarks;

internal static class Samplers
{
    public static Sampler Of(string name) => name switch
    {
        "random" => new RandomSampler(),
        "gpl" => new GaussianProcessSampler { Local = true },
        "gp" => new GaussianProcessSampler(),
        _ => new AutoSampler(),
    };
}
