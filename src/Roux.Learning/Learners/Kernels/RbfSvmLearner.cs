using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Kernels;

/// <summary>
/// Support vector machine with a Gaussian (RBF) kernel, one class against the rest (see <see cref="SequentialMinimalOptimisation"/>), for up to 5,000 rows.
/// Probabilities come from decision values of rows held out in three folds: Platt's sigmoid for two classes, one temperature for more.
/// Hyperparameters: <c>C</c> (default 1), <c>gamma</c> (as a multiple of 1 / (features times variance); default 1), <c>class_weight</c>, <c>tol</c> (1e-3),
/// <c>scale</c> (<c>standard</c>: every number has deviation 1; <c>range</c>: from 0 to 1, which keeps what nearly never varies small).
/// </summary>
public sealed class RbfSvmLearner : Learner
{
    private const int MaxRows = 5_000;
    private const int CalibrationFolds = 3;

    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "svm-rbf", "svm", 40, Interpretability.Opaque,
        ["rows that are close have like answers", "features are on comparable scales (they are standardised)"],
        ["among the best on small, dense, numeric data", "bends its boundary as the data need"],
        ["time grows with the square of the rows: at most 5,000", "sensitive to C and gamma", "suffers from useless features"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override string? Unsuitable(TaskKind task, int rows, int columns) =>
        rows > MaxRows ? $"{rows} training rows: its time and memory grow with their square; above {MaxRows} it is not worth it" : null;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
        new FloatParameter("C", 0.03, 300, Log: true), new FloatParameter("gamma", 0.03, 10, Log: true), new CategoricalParameter("scale", ["standard", "range"]), RowWeights.ClassWeight);

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("C", 10.0), ("scale", "range")), Configuration.Of(("C", 10.0)), Configuration.Of(("C", 10.0), ("gamma", 0.3)), Configuration.Of(("C", 3.0), ("gamma", 3.0))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        FeatureForm.Linear with
        {
            Text = TextEncoding.Words,
            MaxTextFeatures = 20_000,
            Scale = configuration.Choice("scale", "standard") == "range" ? Scaling.MinMax : Scaling.Standard,
        };

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        Linear.DesignMatrix.RequireFinite(training.X);
        if (training.X.Rows > 4 * MaxRows)
        {
            throw new LearnerException($"{training.X.Rows} training rows are too many for svm-rbf (at most {4 * MaxRows}): train on a sample or take linear-svm");
        }

        return PresentClasses.Fit(training, weights, (present, presentWeights) => FitPresent(present, presentWeights, configuration, context));
    }

    private static RbfSvmModel FitPresent(TrainingSet training, double[] weights, Configuration configuration, FitContext context)
    {
        var (c, multiple) = (configuration.Float("C", 1), configuration.Float("gamma", 1));
        if (!(c > 0) || !(multiple > 0) || !double.IsFinite(c + multiple))
        {
            throw new LearnerException($"C is {c} and gamma {multiple}; they are finite numbers above 0");
        }

        var x = training.X;
        var gamma = multiple * RbfKernel.Scale(x);
        var kernel = Kernel(x, gamma, context);
        var labels = training.Y.Labels;
        var classes = training.Y.Classes.Length;
        var outputs = classes == 2 ? 1 : classes;
        var fold = MarginCalibration.Folds(labels, classes, CalibrationFolds, SplitMix64.For(context.Seed, -1));
        var tolerance = configuration.Float("tol", 1e-3);
        var machines = new (double[] Coefficients, double Intercept)[outputs * (CalibrationFolds + 1)];
        Loops.For(machines.Length, context.Threads, context.Cancellation, machine =>
        {
            var (held, output) = (machine / outputs - 1, machine % outputs); // held is -1 for the machine that is kept
            var target = outputs == 1 ? 1 : output;
            sbyte[] signs = [.. labels.Select(label => (sbyte)(label == target ? 1 : -1))];
            double[] costs = [.. weights.Select((weight, row) => held >= 0 && fold[row] == held ? 0 : c * weight)];
            machines[machine] = SequentialMinimalOptimisation.Train(kernel, signs, costs, held < 0 ? tolerance : Math.Max(tolerance, 1e-2), context.Cancellation);
        });
        var margins = new double[labels.Length * outputs];
        for (var row = 0; row < labels.Length; row++)
        {
            for (var k = 0; k < outputs; k++)
            {
                var (coefficients, intercept) = machines[(fold[row] + 1) * outputs + k];
                margins[row * outputs + k] = intercept + Linear.DesignMatrix.Dot(kernel.AsSpan(row * labels.Length, labels.Length), coefficients);
            }
        }

        var (scale, shift) = outputs == 1
            ? MarginCalibration.Platt(margins, labels, weights)
            : (MarginCalibration.Temperature(margins, labels, weights, classes), 0.0);
        return Keep(training, gamma, machines.AsSpan(0, outputs), scale, shift);
    }

    /// <summary>The rows that any machine leans on, and nothing else.</summary>
    private static RbfSvmModel Keep(TrainingSet training, double gamma, ReadOnlySpan<(double[] Coefficients, double Intercept)> machines, double scale, double shift)
    {
        var support = new List<int>();
        for (var row = 0; row < training.X.Rows; row++)
        {
            foreach (var (coefficients, _) in machines)
            {
                if (coefficients[row] != 0)
                {
                    support.Add(row);
                    break;
                }
            }
        }

        var outputs = machines.Length;
        var kept = new double[support.Count * outputs];
        var intercepts = new double[outputs];
        for (var k = 0; k < outputs; k++)
        {
            intercepts[k] = machines[k].Intercept * scale + shift;
            for (var i = 0; i < support.Count; i++)
            {
                kept[i * outputs + k] = machines[k].Coefficients[support[i]] * scale;
            }
        }

        return new RbfSvmModel(ModelHead.Of(training), gamma, training.X.Take([.. support]), kept, intercepts);
    }

    private static float[] Kernel(FeatureMatrix x, double gamma, FitContext context)
    {
        var n = x.Rows;
        var kernel = new float[(long)n * n];
        var lengths = RbfKernel.Lengths(x);
        Loops.Blocks(n, 64, context.Threads, context.Cancellation, (first, end, _) =>
        {
            var full = new double[x.Columns];
            for (var row = first; row < end; row++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                RbfKernel.Fill(x, row, full);
                RbfKernel.Row(full, lengths[row], x, lengths, gamma, kernel.AsSpan(row * n, n));
                kernel[row * n + row] = 1;
            }
        });
        return kernel;
    }
}
