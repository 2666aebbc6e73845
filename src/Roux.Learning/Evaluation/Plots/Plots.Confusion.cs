using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

public static partial class Plots
{
    /// <summary>Most classes that a confusion matrix is drawn with; see <see cref="Evaluation.ConfusionMatrix.Of"/> for folding the rest.</summary>
    public const int MostConfusionClasses = 30;

    private const double MostHead = 105;

    /// <summary>A confusion matrix, each row (true class) shaded by how its rows were spread over predictions.</summary>
    /// <param name="matrix">At most 30 classes are legible; make it with <c>maxClasses: Plots.MostConfusionClasses</c>.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Confusion(ConfusionMatrix matrix, string title = "Confusion matrix")
    {
        var classes = matrix.Classes.Length;
        const double Width = 480;
        var longest = matrix.Classes.Max(name => SvgText.Width(name));
        var left = 30 + Math.Clamp(longest + 6, 24, 120);
        var turned = longest + 6 > Math.Min((Width - left - 12) / classes, 90);
        var overhang = turned ? Math.Min(longest, MostHead) * 0.72 : 0; // of the last column's name, which leans to the right
        var cell = Math.Min((Width - left - 12 - overhang) / classes, 90);
        var fontSize = Math.Clamp(cell * 0.95, 6, SvgCanvas.FontSize);
        var head = turned ? Math.Clamp(Math.Min(longest, MostHead) * fontSize / SvgCanvas.FontSize * 0.72 + 12, 26, 92) : 20;
        var top = 48 + head;
        var bottom = top + cell * classes;
        var right = left + cell * classes;
        var rights = Enumerable.Range(0, classes).Sum(k => (long)matrix[k, k]);
        var totals = Enumerable.Range(0, classes).Select(matrix.Actual).ToArray();
        var total = totals.Sum(count => (long)count);
        var canvas = new SvgCanvas(Width, title, Describe(matrix, rights, total));
        canvas.Text(10, 20, title, css: "title", room: Width - 20, fontSize: 14);
        canvas.Text((left + right) / 2, 42, "Predicted class", Anchor.Middle, "muted");
        canvas.Text(16, (top + bottom) / 2, "True class", Anchor.Middle, "muted", turn: -90);
        for (var k = 0; k < classes; k++)
        {
            var centre = left + (k + 0.5) * cell;
            if (turned)
            {
                canvas.Text(centre + 3, top - 5, matrix.Classes[k], turn: -45, room: MostHead * fontSize / SvgCanvas.FontSize, fontSize: fontSize);
            }
            else
            {
                canvas.Text(centre, top - 7, matrix.Classes[k], Anchor.Middle);
            }

            canvas.Label(left - 6, top + (k + 0.5) * cell + fontSize / 3, matrix.Classes[k], left - 32, fontSize);
        }

        canvas.Bar(left, top, right - left, bottom - top, 1, 0.04);
        for (var i = 0; i < classes; i++)
        {
            for (var j = 0; j < classes; j++)
            {
                Cell(canvas, matrix, i, j, totals[i], left + j * cell, top + i * cell, cell);
            }
        }

        return new Plot(canvas.Finish(bottom + 14), new JsonObject
        {
            ["kind"] = "confusion_matrix",
            ["classes"] = PlotNumbers.Of(matrix.Classes),
            ["counts_rows_are_true"] = new JsonArray([.. Enumerable.Range(0, classes).Select(i => PlotNumbers.Of(Enumerable.Range(0, classes).Select(j => matrix[i, j])))]),
        });
    }

    private static void Cell(SvgCanvas canvas, ConfusionMatrix matrix, int i, int j, int total, double x, double y, double size)
    {
        var count = matrix[i, j];
        var share = total == 0 ? 0 : (double)count / total;
        var gap = size > 14 ? 1 : 0.5;
        if (count > 0)
        {
            canvas.Bar(x + gap / 2, y + gap / 2, size - gap, size - gap, i == j ? 0 : 1, 0.05 + 0.95 * share,
                string.Create(CultureInfo.InvariantCulture, $"true {matrix.Classes[i]}, predicted {matrix.Classes[j]}: {count} of {total} ({share:P0})"));
        }

        var text = count.ToString(CultureInfo.InvariantCulture);
        var fontSize = Math.Min(SvgCanvas.FontSize, (size - 3) / SvgText.Width(text, 1));
        if ((count > 0 || size > 30) && size >= 15 && fontSize >= 7)
        {
            canvas.Text(x + size / 2, y + size / 2 + fontSize / 3, text, Anchor.Middle, share > 0.55 ? "on" : count == 0 ? "muted" : "", fontSize: fontSize);
        }
    }

    private static string Describe(ConfusionMatrix matrix, long rights, long total)
    {
        var classes = matrix.Classes.Length;
        var worst = Enumerable.Range(0, classes * classes).Where(cell => cell / classes != cell % classes && matrix[cell / classes, cell % classes] > 0)
            .OrderByDescending(cell => matrix[cell / classes, cell % classes]).Take(3)
            .Select(cell => string.Create(CultureInfo.InvariantCulture,
                $"{SvgText.Elide(matrix.Classes[cell / classes], 200)} taken for {SvgText.Elide(matrix.Classes[cell % classes], 200)} {matrix[cell / classes, cell % classes]} times"))
            .ToArray();
        var share = total == 0 ? 0 : (double)rights / total;
        return string.Create(CultureInfo.InvariantCulture, $"{classes} classes, {total} rows, {share:P1} of them right.")
            + (worst.Length == 0 ? "" : $" Most frequent mistakes: {string.Join("; ", worst)}.");
    }
}
