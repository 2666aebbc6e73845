using Roux.Learning.Data;
using Roux.Learning.Learners;

namespace Roux.Learning.Reports;

/// <summary>Terms and phrases that several parts of the report share.</summary>
internal static class Words
{
    /// <summary>Longest name shown in full.</summary>
    public const int LongName = 80;

    /// <summary>A name from the data: cut, and kept from turning the direction of its surroundings.</summary>
    public static Markup Name(string name) => name.Trim().Length == 0 ? Markup.Of($"<i>(blank)</i>") : Markup.Of($"<bdi>{Figures.Cut(name, LongName)}</bdi>");

    /// <summary>What kind of question it is.</summary>
    public static string Task(TaskKind task, int classes) => task switch
    {
        TaskKind.Binary => "one of two classes (binary)",
        TaskKind.Multiclass => $"one of {Figures.Count(classes)} classes (multiclass)",
        TaskKind.Multilabel => $"any of {Figures.Count(classes)} labels (multilabel)",
        _ => "a number (regression)",
    };

    /// <summary>How far a person can understand a model.</summary>
    public static string Understanding(Interpretability? interpretability) => interpretability switch
    {
        Interpretability.Readable => "readable",
        Interpretability.Additive => "additive",
        _ => "opaque",
    };

    /// <summary>A count with its noun.</summary>
    public static string Many(long count, string one, string? many = null) => $"{Figures.Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>An argument as a shell wants it: as it stands, or in single quotes.</summary>
    public static string ShellQuote(string argument)
    {
        var plain = argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=+@%,".Contains(c, StringComparison.Ordinal));
        return plain ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
