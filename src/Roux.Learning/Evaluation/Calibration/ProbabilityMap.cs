namespace Roux.Learning.Evaluation.Calibration;

/// <summary>A curve from a model's probability of one event to a calibrated one.</summary>
public abstract class ProbabilityMap
{
    /// <summary>The calibrated probability.</summary>
    /// <param name="p">The model's probability of the event.</param>
    /// <param name="rest">Its probability of the contrary; given apart because 1 - p loses what is close to 0.</param>
    public abstract double Map(double p, double rest);
}
