using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Text;

/// <summary>Texts of a column, at most 20,000 a side, drawn at random.</summary>
/// <param name="Name">The column.</param>
/// <param name="Train">Training texts, none missing.</param>
/// <param name="Test">Test texts, none missing; empty without test rows.</param>
internal sealed record TextSample(string Name, string[] Train, string[] Test)
{
    private const int MostRows = 20_000;

    /// <summary>The text columns of a subject.</summary>
    public static IEnumerable<TextSample> All(TableSubject subject, int seed)
    {
        foreach (var spec in subject.Features.Where(spec => spec.Role == ColumnRole.Text))
        {
            if (subject.Train[spec.Name] is TextColumn train)
            {
                yield return new TextSample(spec.Name, Of(train, seed), subject.Test?.Find(spec.Name) is TextColumn test ? Of(test, seed) : []);
            }
        }
    }

    /// <summary>Training texts, then test texts.</summary>
    public IEnumerable<string> Both => Train.Concat(Test);

    /// <summary>Whether texts are passages rather than names: eight words or more on average, in the first thousand.</summary>
    public bool IsProse => Train.Length > 0 && Train.Take(1_000).Average(text => text.AsSpan().Count(' ') + 1) >= 8;

    private static string[] Of(TextColumn column, int seed) =>
        [.. TableSubject.Sample(column.Length, MostRows, seed).Where(row => column.Codes[row] >= 0).Select(row => column.Levels[column.Codes[row]])];
}
