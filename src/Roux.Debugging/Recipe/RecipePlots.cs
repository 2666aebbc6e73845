using System.Globalization;
using Roux.Debugging.Checks;
using Roux.Debugging.Checks.Training;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Debugging.Recipe;

/// <summary>Pictures of the recipe's steps: what was seen, whether it passed or not.</summary>
internal static class RecipePlots
{
    private const int MostBars = 20;
    private const int MostClasses = 20;
    private const int Settling = 10;
    private static readonly double[] Parts = [0.125, 0.25, 0.5];

    /// <summary>What is to be predicted: rows of each class, or of each tenth of the range.</summary>
    public static EvidencePlot? Answers(Target y)
    {
        if (y.Count == 0 || y.Task == TaskKind.Multilabel)
        {
            return null;
        }

        if (y.Task == TaskKind.Regression)
        {
            var (least, most) = (y.Values.Min(), y.Values.Max());
            var width = (most - least) / 10;
            if (!(width > 0))
            {
                return null;
            }

            var counts = new double[10];
            foreach (var value in y.Values)
            {
                counts[Math.Clamp((int)((value - least) / width), 0, 9)]++;
            }

            return Bars("Rows by the number to predict", "from", "rows", [.. counts.Select((count, i) => ((least + i * width).ToString("G4", CultureInfo.InvariantCulture), count))]);
        }

        return Bars("Rows of each class", "class", "rows", [.. y.Labels.GroupBy(label => label).OrderByDescending(group => group.Count()).Take(MostBars).Select(group => (y.Classes[group.Key], (double)group.Count()))]);
    }

    /// <summary>How much of a few rows is learned by heart, beside knowing nothing.</summary>
    public static EvidencePlot ByHeart(double score, double guess) => Bars("Rows learned by heart", "", "share right", [("learned by heart", score), ("commonest answer", guess)]);

    /// <summary>Gradients of a batch by layer, root mean square per weight.</summary>
    public static EvidencePlot Gradients(ITrainable network)
    {
        using var copy = network.Copy();
        copy.Backward(0);
        return TrainingPlots.Bars("Gradients before the first step", "root mean square",
            [.. Matrices(copy).Select(name => (name, Size(copy.Gradient(name) ?? [])))]);
    }

    /// <summary>How much the weights of each layer change in a step, in parts of their size, after a few steps.</summary>
    public static EvidencePlot Updates(ITrainable network, CheckContext context)
    {
        using var copy = network.Copy();
        copy.Reseed(context.Seed);
        for (var step = 0; step < Settling; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            copy.CleanStep(step % copy.Batches);
        }

        var before = Matrices(copy).ToDictionary(name => name, copy.Weights, StringComparer.Ordinal);
        copy.CleanStep(Settling % copy.Batches);
        return TrainingPlots.Bars(string.Create(CultureInfo.InvariantCulture, $"Change of weights in step {Settling + 1}"), "update / weight",
            [.. before.Select(pair => (pair.Key, Ratio(pair.Value, copy.Weights(pair.Key))))], 1e-3);
    }

    /// <summary>Scores on learned and on new rows as more rows are learned from; the last point is the fitted model itself. <c>null</c> where too few rows are at hand.</summary>
    public static EvidencePlot? LearningCurve(RecipeSubject subject, CheckContext context)
    {
        if (subject.Answers.Task == TaskKind.Multilabel || subject.Training.RowCount < 80 || subject.Model.Training is not { } learned)
        {
            return null;
        }

        var points = new List<(double Rows, double Learned, double New)>();
        foreach (var part in Parts)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var rows = Splitters.Holdout(subject.Answers, part, context.Seed).Test;
            if (rows.Length < 20)
            {
                continue;
            }

            var (table, answers) = (subject.Training.Take(rows), subject.Answers.Take(rows));
            var (featurizer, x) = Featurizer.Fit(table, subject.Columns, answers, subject.Learner.Form(answers.Task, subject.Settings), context.Seed, context.Threads, context.Cancellation);
            var model = CrossValidator.Fit(new Candidate(subject.Learner.Card.Name, subject.Learner, subject.Settings), new TrainingSet(x, answers), context.Seed, context.Threads, context.Cancellation);
            var known = subject.Model.Evaluation;
            points.Add((rows.Length, ProcedureScore.Of(answers, model.Predict(x)).Score, ProcedureScore.Of(known.Answers, model.Predict(featurizer.Transform(known.Table!, context.Threads, context.Cancellation))).Score));
        }

        points.Add((subject.Training.RowCount, ProcedureScore.Of(learned.Answers, learned.Predictions).Score, ProcedureScore.Of(subject.Model.Evaluation.Answers, subject.Model.Evaluation.Predictions).Score));
        var rowsOf = points.Select(point => point.Rows).ToArray();
        return new EvidencePlot(PlotKind.Line, "Learning curve", "rows learned from", Score(subject.Answers.Task),
            [new PlotSeries("learned rows", rowsOf, [.. points.Select(point => point.Learned)]), new PlotSeries("new rows", rowsOf, [.. points.Select(point => point.New)])]);
    }

    /// <summary>Which classes are taken for which, in shares of the rows of each; of numbers predictions against answers.</summary>
    public static EvidencePlot? Errors(JudgedRows rows)
    {
        var (y, p) = (rows.Answers, rows.Predictions);
        if (y.Task == TaskKind.Regression)
        {
            var some = Enumerable.Range(0, y.Count).Where(row => y.Count <= 1000 || row % (y.Count / 1000) == 0).Take(1500).ToArray();
            return new EvidencePlot(PlotKind.Scatter, "Predicted and known answers", "known", "predicted", [new PlotSeries("row", Array.ConvertAll(some, row => y.Values[row]), Array.ConvertAll(some, row => p.Values[row]))]);
        }

        if (y.Task == TaskKind.Multilabel || y.Classes.Length > MostClasses)
        {
            return null;
        }

        var labels = p.Labels();
        var counts = new double[y.Classes.Length, y.Classes.Length];
        for (var row = 0; row < y.Count; row++)
        {
            counts[y.Labels[row], labels[row]]++;
        }

        var places = Enumerable.Range(0, y.Classes.Length).ToArray();
        return new EvidencePlot(PlotKind.Heat, "Which class is taken for which (share of its rows)", "predicted", "known",
            [.. places.Select(known => new PlotSeries(y.Classes[known], [], [.. places.Select(said => counts[known, said] / Math.Max(1, places.Sum(other => counts[known, other])))]))]) { Labels = y.Classes };
    }

    /// <summary>The model's score beside those of simpler ones.</summary>
    public static EvidencePlot? Rivals(ModelSubject model)
    {
        if (model.Evaluation.Answers.Task == TaskKind.Multilabel)
        {
            return null;
        }

        var y = model.Evaluation.Answers;
        List<(string, double)> bars = [(model.Name, ProcedureScore.Of(y, model.Evaluation.Predictions).Score), .. model.Rivals.Where(rival => rival.Predictions is not null).Select(rival => (rival.Name, ProcedureScore.Of(y, rival.Predictions!).Score))];
        return Bars("On new rows, beside simpler models", "", Score(y.Task), bars);
    }

    private static string Score(TaskKind task) => task == TaskKind.Regression ? "share of the variance" : "share right";

    private static EvidencePlot Bars(string title, string across, string up, IReadOnlyList<(string Name, double Value)> bars) =>
        new(PlotKind.Bar, title, across, up, [new PlotSeries(up, [], [.. bars.Select(bar => bar.Value)])]) { Labels = [.. bars.Select(bar => bar.Name)] };

    private static IEnumerable<string> Matrices(ITrainable network) => network.Parameters.Where(parameter => parameter.Shape.Count > 1).Select(parameter => parameter.Name).Take(60);

    private static double Size(float[] values) => values.Length == 0 ? 0 : Math.Sqrt(values.Average(value => (double)value * value));

    private static double Ratio(float[] before, float[] after)
    {
        var (change, size) = (0.0, 0.0);
        for (var i = 0; i < before.Length; i++)
        {
            change += ((double)after[i] - before[i]) * ((double)after[i] - before[i]);
            size += (double)before[i] * before[i];
        }

        return size > 0 ? Math.Sqrt(change / size) : double.NaN;
    }
}
