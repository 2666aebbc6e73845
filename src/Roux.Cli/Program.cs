using Roux.Cli;

return await CommandLine.RunAsync(args);
