using Roux.Tracking.Capture;

namespace Roux.Cli.Studies;

/// <summary>A study whose trials are runs of a program.</summary>
internal static class ProgramStudy
{
    /// <summary>Plans it.</summary>
    /// <exception cref="UsageException">Something that it needs is missing or wrong.</exception>
    public static StudyPlan Plan(TuneArguments arguments)
    {
        var space = arguments.Space();
        var words = arguments.Command is [_, ..] given ? given : throw new UsageException("tune: no program; name it after --, such as: roux tune --space space.yaml --metric loss -- python train.py --lr {lr}");
        var template = new CommandTemplate(words, space);
        if (ProgramSearch.Find(words[0], Environment.GetEnvironmentVariable("PATH")) is null)
        {
            throw new UsageException($"'{words[0]}': no such program; check the name, or write ./{words[0]} for one in this folder");
        }

        var (goals, limits) = (arguments.Goals(), arguments.Limits());
        var (places, sources, ownFolder) = (arguments.Places(), arguments.Sources, arguments.Get(TuneOptions.OwnFolder));
        return new StudyPlan
        {
            Space = space,
            Goals = goals,
            Limits = limits,
            Options = arguments.RunOptions(places, isData: false),
            Subject = words,
            Settings = new Dictionary<string, object> { ["command"] = string.Join(' ', words) },
            Inputs = [.. new[] { arguments.Get(TuneOptions.Config), arguments.Get(TuneOptions.Space) }.OfType<string>().Where(File.Exists)],
            Try = (place, trial, run) => new TrialProgram { Template = template, Goals = goals, Limits = limits, Sources = sources, OwnFolder = ownFolder, Place = place, Places = places }.RunAsync(trial, run),
        };
    }
}
