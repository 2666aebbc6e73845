// The checks of tables, measured.
//
//   dotnet run -c Release --project bench/Roux.Debugging.Benchmarks -- look [SET …]      what is found in the data sets beside the checkout, and how long it takes
//   dotnet run -c Release --project bench/Roux.Debugging.Benchmarks -- large             500,000 generated rows of 30 columns: seconds and peak memory (target: 30 s, 2 GB)
//   dotnet run -c Release --project bench/Roux.Debugging.Benchmarks -- labels [SET …]    average precision of label errors, 8% of the labels flipped (--models: each model apart)
switch (args)
{
    case ["look", ..]:
        SharedSets.Look([.. args.Skip(1)]);
        break;
    case ["large", ..]:
        LargeTable.Measure();
        break;
    case ["labels", ..]:
        FlippedLabels.Measure([.. args.Skip(1)]);
        break;
    default:
        Console.Error.WriteLine("look [SET …] | large | labels [SET …]");
        return 2;
}

return 0;
