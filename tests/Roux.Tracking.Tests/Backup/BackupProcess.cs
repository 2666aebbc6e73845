namespace Roux.Tracking.Tests.Backup;

/// <summary>A process that backs up or restores step by step: it tells each step and goes on when it is told to, so that it can be killed at any of them.</summary>
internal static class BackupProcess
{
    public static bool Play(string role, string store)
    {
        switch (role)
        {
            case "backup":
                using (var tracker = Tracker.OpenReadOnly(store))
                {
                    StoreBackup.Create(tracker, BackupOf(store), progress: new Steps());
                }

                return true;
            case "restore":
                StoreRestore.Run(BackupOf(store), store, new RestoreOptions { Force = true }, new Steps());
                return true;
            default:
                return false;
        }
    }

    /// <summary>Where the backups of a store go: beside its folder, or beside the folder of artifacts that its address names.</summary>
    public static string BackupOf(string store) =>
        (StoreAddress.IsPostgres(store) ? Uri.UnescapeDataString(store[(store.LastIndexOf('=') + 1)..]) : store) + ".backups";

    /// <summary>Lets a process go on to a step and kills it there; returns how many it told.</summary>
    public static int Kill(string role, string store, int step)
    {
        using var process = WriterProcess.Start(role, store);
        var steps = 0;
        while (process.StandardOutput.ReadLine() is not null)
        {
            if (++steps == step)
            {
                WriterProcess.Signal(process, "KILL");
                break;
            }

            process.StandardInput.WriteLine();
            process.StandardInput.Flush();
        }

        if (!process.WaitForExit(60_000))
        {
            throw new InvalidOperationException($"the process that was to {role} does not end");
        }

        return steps;
    }

    private sealed class Steps : IProgress<string>
    {
        public void Report(string value)
        {
            Console.WriteLine(value);
            Console.ReadLine();
        }
    }
}
