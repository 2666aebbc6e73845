using Roux.Torch;
using Roux.Torch.Benchmarks;

TorchLibrary.Load();
return args switch
{
    ["loop"] or [] => LoopOverhead.Run(),
    ["watch"] => WatchOverhead.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Roux.Torch.Benchmarks loop|watch");
    return 2;
}
