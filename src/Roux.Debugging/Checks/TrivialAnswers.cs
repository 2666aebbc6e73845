using Roux.Learning.Data;

namespace Roux.Debugging.Checks;

/// <summary>What one can say without looking at a row: the shares of the classes, or the mean.</summary>
internal static class TrivialAnswers
{
    /// <param name="known">Answers to take the shares or the mean from.</param>
    /// <param name="rows">How many rows to answer for.</param>
    public static Predictions Of(Target known, int rows)
    {
        var one = new double[known.Width];
        for (var row = 0; row < known.Count; row++)
        {
            switch (known.Task)
            {
                case TaskKind.Regression:
                    one[0] += known.Values[row] / known.Count;
                    break;
                case TaskKind.Multilabel:
                    for (var k = 0; k < one.Length; k++)
                    {
                        one[k] += known.Indicators[row * one.Length + k] ? 1.0 / known.Count : 0;
                    }

                    break;
                default:
                    one[known.Labels[row]] += 1.0 / known.Count;
                    break;
            }
        }

        var values = new double[rows * one.Length];
        for (var row = 0; row < rows; row++)
        {
            one.CopyTo(values, row * one.Length);
        }

        return new Predictions(known.Task, known.Width, values);
    }
}
