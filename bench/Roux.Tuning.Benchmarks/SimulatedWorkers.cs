namespace Roux.Tuning.Benchmarks;

/// <summary>Workers on a simulated clock: each trains its trial step by step, reports, and takes the next one, so that hours of parallel work pass in milliseconds, always in the same order.</summary>
internal sealed class SimulatedWorkers(Study study, int workers)
{
    private readonly PriorityQueue<Worker, (double Time, int Worker)> queue = new();
    private readonly List<(long Steps, double Best)> trace = [];
    private double busy;
    private long steps;

    /// <summary>Steps of all trials until now, and the best value of a complete one, whenever that improved.</summary>
    public IReadOnlyList<(long Steps, double Best)> Trace => trace;

    /// <summary>Share of the time in which workers had something to do.</summary>
    public double Busy { get; private set; }

    /// <summary>Works until so many steps are done.</summary>
    /// <param name="budget">Steps of all trials together.</param>
    /// <param name="whole">Steps of a whole training.</param>
    /// <param name="curve">The value after each step of a configuration, to be minimised.</param>
    /// <param name="cost">Time of one step of a configuration.</param>
    public SimulatedWorkers Run(long budget, int whole, Func<Configuration, double[]> curve, Func<Configuration, double> cost)
    {
        for (var worker = 0; worker < workers; worker++)
        {
            Take(worker, 0, curve, cost);
        }

        var now = 0.0;
        while (steps < budget && queue.TryDequeue(out var worker, out var priority))
        {
            now = priority.Time;
            steps++;
            busy += worker.Cost;
            if (GoesOn(worker, whole))
            {
                queue.Enqueue(worker, (now + worker.Cost, worker.Place));
            }
            else
            {
                Take(worker.Place, now, curve, cost);
            }
        }

        // Steps that were under way when the budget ended were work as well.
        busy += queue.UnorderedItems.Sum(item => item.Element.Cost - (item.Priority.Time - now));
        Busy = busy / (now * workers);
        return this;
    }

    /// <summary>Steps after which the best complete value was at least as good; <c>null</c> where it never was.</summary>
    public long? StepsTo(double value) => trace.Where(point => point.Best <= value).Select(point => (long?)point.Steps).FirstOrDefault();

    private bool GoesOn(Worker worker, int whole)
    {
        var step = worker.Done++;
        var number = worker.Trial.Number;
        switch (study.Advise(number, step, worker.Curve[step]))
        {
            case Advice.Prune:
                study.Prune(number);
                return false;
            case Advice.Pause:
                study.Pause(number);
                return false;
            case var _ when worker.Done == whole:
                study.Tell(number, worker.Curve[step]);
                if (trace.Count == 0 || worker.Curve[step] < trace[^1].Best)
                {
                    trace.Add((steps, worker.Curve[step]));
                }

                return false;
            default:
                return true;
        }
    }

    private void Take(int place, double now, Func<Configuration, double[]> curve, Func<Configuration, double> cost)
    {
        var trial = study.Ask();
        var done = trial.Reports.Count == 0 ? 0 : (int)trial.Reports[^1].Step + 1;
        var worker = new Worker(place, trial, curve(trial.Configuration), cost(trial.Configuration)) { Done = done };
        queue.Enqueue(worker, (now + worker.Cost, place));
    }

    private sealed class Worker(int place, Trial trial, double[] curve, double cost)
    {
        public int Place => place;

        public Trial Trial => trial;

        public double[] Curve => curve;

        public double Cost => cost;

        public int Done { get; set; }
    }
}
