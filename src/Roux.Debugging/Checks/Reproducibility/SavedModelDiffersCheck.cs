using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Reproducibility;

/// <summary>A model that was saved and loaded says something else than the one in memory.</summary>
public sealed class SavedModelDiffersCheck : Check<DeploymentSubject>
{
    private static readonly Threshold Tolerance = new("tolerance", 1e-6, "largest difference of answers over the size of the largest, above which they differ", "Single precision keeps 7 digits, and nothing else may be lost on the way through a file");

    /// <inheritdoc/>
    public override string Name => "saved-model-differs";

    /// <inheritdoc/>
    public override string Definition => "The model as saved and loaded again answers the same rows otherwise than the model in memory (Breck et al. 2017, The ML Test Score, Infra 3).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Tolerance];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(DeploymentSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Loaded is null || subject.Rows.RowCount == 0)
        {
            yield break;
        }

        var (memory, loaded) = (subject.Predict(subject.Rows), subject.Loaded(subject.Rows));
        if (Parting.Of(new RepeatTrace([], memory.Values, memory.Width), new RepeatTrace([], loaded.Values, loaded.Width), context.Value(Name, Tolerance)) is not { } parting)
        {
            yield break;
        }

        yield return new Finding(Name, Severity.High, string.Create(CultureInfo.InvariantCulture,
            $"{subject.Name} answers otherwise once it is saved and loaded: {parting.Share:0.#%} of {subject.Rows.RowCount:N0} rows, by up to {parting.Largest:G3}"))
        {
            Evidence = new JsonObject { ["share_of_rows"] = parting.Share, ["largest_difference"] = double.IsFinite(parting.Largest) ? parting.Largest : null, ["rows"] = subject.Rows.RowCount },
            Cause = "A part of the model is not saved (a scaler, a level map, a threshold, running means), is saved rounded, or is loaded in another mode.",
            Fix = "Save everything between a raw row and its prediction as one thing, and load it in evaluation mode.",
            Verify = "Both answer the same to six digits.",
        };
    }
}
