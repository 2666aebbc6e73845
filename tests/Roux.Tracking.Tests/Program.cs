using Roux.Tracking.Tests;

// What xunit.v3 would generate, and before it the parts that tests have other processes play.
return WriterProcess.RoleToPlay() is { } role
    ? WriterProcess.Play(role)
    : args.Any(arg => arg is "--server" or "--internal-msbuild-node")
        ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
