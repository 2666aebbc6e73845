using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Roux.Cli.Studies;

/// <summary>
/// Finds values of a metric in what a program prints: <c>loss=0.3</c>, <c>loss: 0.3</c>, <c>{"loss": 0.3, "step": 4}</c>. A step stands in the
/// same line as <c>step</c> or <c>epoch</c>; without one, values are counted.
/// </summary>
internal sealed class MetricWatch
{
    /// <summary>No line with a metric is as long; of longer ones the beginning is looked at.</summary>
    private const int LongestLine = 64 * 1024;

    private const string Number = @"([-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|NaN|-?inf(?:inity)?|-?Inf(?:inity)?))(?![\w.])";

    private readonly Regex metric;
    private readonly Regex step = new($@"(?<![\w.])(?:step|epoch|iteration)[""']?\s*[=:\s]\s*(\d{{1,15}})(?![\w.])", RegexOptions.IgnoreCase);
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder line = new();
    private readonly char[] characters = new char[4096];
    private long counted;

    /// <param name="name">The metric.</param>
    /// <param name="first">The step of the first value, where the program names none.</param>
    public MetricWatch(string name, long first = 0) => (counted, metric) = (first, new Regex($@"(?<![\w.]){Regex.Escape(name)}[""']?\s*[=:]\s*{Number}"));

    /// <summary>The values in the lines that these bytes complete.</summary>
    public IEnumerable<(long Step, double Value)> Read(ReadOnlyMemory<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            decoder.Convert(bytes.Span[at..], characters, flush: false, out var used, out var written, out _);
            at += used;
            for (var i = 0; i < written; i++)
            {
                if (characters[i] is '\n' or '\r')
                {
                    if (Value() is { } found)
                    {
                        yield return found;
                    }

                    line.Clear();
                }
                else if (line.Length < LongestLine)
                {
                    line.Append(characters[i]);
                }
            }
        }
    }

    /// <summary>The value in a last line that has no end.</summary>
    public (long Step, double Value)? Rest()
    {
        var rest = Value();
        line.Clear();
        return rest;
    }

    private (long Step, double Value)? Value()
    {
        if (line.Length == 0)
        {
            return null;
        }

        var text = line.ToString();
        var matches = metric.Matches(text);
        if (matches.Count == 0)
        {
            return null;
        }

        var word = matches[^1].Groups[1].Value.ToLowerInvariant();
        var value = word.Contains("nan", StringComparison.Ordinal) ? double.NaN
            : word.Contains("inf", StringComparison.Ordinal) ? word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity
            : double.Parse(word, CultureInfo.InvariantCulture);
        var at = step.Match(text) is { Success: true } found ? long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : counted;
        counted = at + 1;
        return (at, value);
    }
}
