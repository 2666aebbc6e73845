using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Roux.Cli.Programs;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>Tries a configuration by running a program, which prints the metric.</summary>
/// <param name="template">The command.</param>
/// <param name="metric">What it prints.</param>
/// <param name="folder">Holds a folder a trial, handed over to the program for its checkpoints.</param>
/// <param name="store">The store, for programs that log themselves.</param>
internal sealed class TrialProgram(CommandTemplate template, string metric, string folder, string store)
{
    /// <summary>Output kept of a trial; what follows is read and dropped.</summary>
    private const long MostOutput = 16 << 20;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Runs the program of a trial to its end and returns the last value it printed.</summary>
    /// <exception cref="TrialFailedException">It could not be started, ended with an error, or printed no finite value.</exception>
    /// <exception cref="TrialPrunedException">The pruner gave it up; it and its children are ended.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop; it and its children are ended.</exception>
    public async Task<double> RunAsync(RunningTrial trial, Run run)
    {
        var words = template.Fill(trial.Configuration);
        var trialFolder = Path.Combine(folder, $"trial-{trial.Number.ToString(CultureInfo.InvariantCulture)}");
        Directory.CreateDirectory(trialFolder);
        using var program = new Process { StartInfo = Start(words, trial, run, trialFolder) };
        try
        {
            BrokenPipe.WithDefault(() => program.Start());
        }
        catch (Win32Exception e)
        {
            throw new TrialFailedException($"'{words[0]}' could not be started: {e.Message}");
        }

        program.StandardInput.Close();
        var output = new TrialOutput(trial, run, metric, MostOutput);
        var tail = new ErrorTail();
        var pumps = new[] { Pump(program.StandardOutput.BaseStream, output.Write), Pump(program.StandardError.BaseStream, bytes => { tail.Write(bytes.Span); output.Keep(bytes.Span); }) };
        try
        {
            await Task.WhenAny(program.WaitForExitAsync(trial.Cancellation), output.GivenUp).ConfigureAwait(false);
            trial.Cancellation.ThrowIfCancellationRequested();
            if (output.GivenUp.IsCompleted)
            {
                await output.GivenUp.ConfigureAwait(false);
            }

            // A child left behind may hold the output open for as long as it lives.
            await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(Silence, CancellationToken.None)).ConfigureAwait(false);
        }
        finally
        {
            if (!program.HasExited)
            {
                program.Kill(entireProcessTree: true);
            }

            output.Close();
        }

        if (output.GivenUp.IsCompleted)
        {
            await output.GivenUp.ConfigureAwait(false);
        }

        if (program.ExitCode != 0)
        {
            throw new TrialFailedException(ProgramOutcome.Of(program.ExitCode, tail.ToString()).Reason!);
        }

        return output.Last is { } last
            ? double.IsFinite(last) ? last : throw new TrialFailedException($"{metric} is {last.ToString(CultureInfo.InvariantCulture)}")
            : throw new TrialFailedException($"it printed no '{metric}=NUMBER'; print the metric, or name the one it prints with --metric");
    }

    private ProcessStartInfo Start(IReadOnlyList<string> words, RunningTrial trial, Run run, string trialFolder)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["ROUX_TRIAL"] = trial.Number.ToString(CultureInfo.InvariantCulture);
        start.Environment["ROUX_TRIAL_DIR"] = trialFolder;
        start.Environment["ROUX_RUN_ID"] = run.Id;
        start.Environment["ROUX_STORE"] = store;
        start.Environment.TryAdd("PYTHONUNBUFFERED", "1");
        foreach (var (name, value) in trial.Configuration)
        {
            start.Environment["ROUX_PARAM_" + name.ToUpperInvariant()] = Configuration.Format(value);
        }

        return start;
    }

    private static async Task Pump(Stream stream, Action<ReadOnlyMemory<byte>> write)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            {
                write(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program is gone, and what it still held with it.
        }
    }
}

/// <summary>A trial that has no value; the message says why.</summary>
internal sealed class TrialFailedException(string message) : Exception(message);
