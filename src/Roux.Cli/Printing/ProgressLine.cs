namespace Roux.Cli.Printing;

/// <summary>One line on standard error that says what goes on, where somebody watches; renewed a few times a second.</summary>
internal sealed class ProgressLine : IProgress<string>, IDisposable
{
    private const int Width = 78;
    private const int Pause = 200;

    private readonly bool watched = !Console.IsErrorRedirected;
    private long last;

    public void Report(string value)
    {
        if (watched && Environment.TickCount64 - last >= Pause)
        {
            last = Environment.TickCount64;
            var line = Terminal.OneLine(value);
            Console.Error.Write("\r" + (line.Length > Width ? line[..Width] : line.PadRight(Width)));
        }
    }

    public void Dispose()
    {
        if (last != 0)
        {
            Console.Error.Write("\r" + new string(' ', Width) + "\r");
        }
    }
}
