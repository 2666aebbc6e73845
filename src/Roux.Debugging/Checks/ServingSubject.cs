using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Debugging.Checks;

/// <summary>A model as it was trained, beside the same as it is used.</summary>
public sealed record ServingSubject
{
    /// <summary>The model as it was trained.</summary>
    public required Pipeline Trained { get; init; }

    /// <summary>Asks the model as it is used: saved and loaded again, or another service; <c>null</c> where only the rows are compared.</summary>
    public Func<Table, Predictions>? Served { get; init; }

    /// <summary>Rows of training.</summary>
    public required Table Training { get; init; }

    /// <summary>Rows as they come when the model is used; <c>null</c> where there are none yet.</summary>
    public Table? Serving { get; init; }

    /// <summary>The trained model beside the same model saved to a file and loaded again.</summary>
    /// <param name="pipeline">The model.</param>
    /// <param name="training">Rows of training.</param>
    /// <param name="serving">Rows as they come when it is used; <c>null</c> for none.</param>
    /// <exception cref="IOException">No file can be written.</exception>
    public static ServingSubject OfSaved(Pipeline pipeline, Table training, Table? serving = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var folder = Directory.CreateTempSubdirectory("roux-serving-");
        try
        {
            var file = Path.Combine(folder.FullName, "model.roux");
            pipeline.Save(file);
            var loaded = Pipeline.Load(file);
            return new ServingSubject { Trained = pipeline, Served = table => loaded.Predict(table), Training = training, Serving = serving };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
