using Roux.Tracking.Metrics;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>Makes items of up to a chunk's size of points that come one by one, series by series.</summary>
internal sealed class MlflowSeries(Action<MetricItem> take)
{
    private readonly List<long> steps = [];
    private readonly List<long> times = [];
    private readonly List<double> values = [];
    private string run = "";
    private string key = "";
    private long from;

    public void Add(string runId, string name, long step, long time, double value)
    {
        if (runId != run || name != key)
        {
            Finish();
            (run, key, from) = (runId, name, 0);
        }

        steps.Add(step);
        times.Add(time);
        values.Add(value);
        if (values.Count == MetricChunk.Capacity)
        {
            Finish();
        }
    }

    /// <summary>Hands over what waits.</summary>
    public void Finish()
    {
        if (values.Count == 0)
        {
            return;
        }

        take(new MetricItem(MlflowIds.Run(run), key, from, [.. steps], [.. times], [.. values]));
        from += values.Count;
        steps.Clear();
        times.Clear();
        values.Clear();
    }
}
