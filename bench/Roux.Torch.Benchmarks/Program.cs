using Roux.Torch;
using Roux.Torch.Benchmarks;

TorchLibrary.Load();
return args switch
{
    ["loop"] or [] => LoopOverhead.Run(),
    ["watch"] => WatchOverhead.Run(),
    ["tables", var data] => TableComparison.Run(data, null),
    ["tables", var data, var set] => TableComparison.Run(data, set),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Roux.Torch.Benchmarks loop | watch | tables DATA [SET]");
    return 2;
}
