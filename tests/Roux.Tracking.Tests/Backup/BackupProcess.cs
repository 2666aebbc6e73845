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

    /// <summary>Where the backups of a store in a folder go.</summary>
    public static string BackupOf(string store) => store + ".backups";

    private sealed class Steps : IProgress<string>
    {
        public void Report(string value)
        {
            Console.WriteLine(value);
            Console.ReadLine();
        }
    }
}
