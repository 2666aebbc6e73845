using Roux.Learning.Explanations;

namespace Roux.Learning.AutoML;

/// <summary>Explains the winner on a sample of the final rows. It is told after the final score and decides nothing.</summary>
internal static class ExplanationStep
{
    private const int Rows = 200;
    private const int Columns = 4;
    private const double LeastSeconds = 0.4;

    /// <param name="context">The finished search.</param>
    /// <param name="seconds">Seconds it may take.</param>
    public static ModelExplanation? Explain(EvidenceContext context, double seconds)
    {
        if (!Shap.ReadsColumns(context.Pipeline))
        {
            context.Note("explanations left out: the winner looks at no column");
            return null;
        }

        if (seconds < LeastSeconds)
        {
            context.Note("explanations left out for want of time: roux explain MODEL DATA makes them");
            return null;
        }

        var options = new ShapOptions
        {
            MaxRows = Rows,
            Seconds = seconds,
            Seed = Seeds.Derive(context.Options.Seed, "explanations"),
            Threads = context.Threads,
            Native = true, // the model was fitted a moment ago, in this process
        };
        try
        {
            return ModelExplanation.Of(context.Pipeline, context.Inputs.Test, context.Inputs.Development, options, Columns, context.Stop);
        }
        catch (OperationCanceledException)
        {
            context.Note("explanations left out: stopped");
            return null;
        }
    }
}
