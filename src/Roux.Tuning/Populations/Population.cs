using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Population based training (Jaderberg et al. 2017, "Population based training of neural networks"): members train side by side; at every
/// interval one that is among the worst takes over the weights and settings of one of the best (truncation selection) and goes on under changed
/// settings, so that one training's compute finds schedules, not only settings. Asynchronous: a member is compared with what the others were worth
/// after as many steps, as far as they have come. Safe to use from many threads; a seed, and the same order of asking and telling, give the same
/// segments.
/// <code>
/// var population = new Population(space, new PopulationOptions { Steps = 50, Interval = 5 });
/// while (population.Ask() is { } segment)
/// {
///     population.Tell(segment.Number, Train(segment.Configuration, from: segment.Parent, to: segment.To));
/// }
///
/// var schedule = population.ScheduleOf(population.Best!.Number);
/// </code>
/// </summary>
public sealed class Population
{
    /// <summary>A member that fails so often in a row is given up.</summary>
    private const int MostFailures = 3;

    private readonly Lock gate = new();
    private readonly PopulationOptions options;
    private readonly UnitSpace space;
    private readonly Explorer explorer;
    private readonly List<Segment> segments = [];
    private readonly InitialDesign initial = new();
    private readonly History beginnings;

    /// <exception cref="ArgumentException">A figure is out of its range, or a parameter to keep is none of the space.</exception>
    public Population(SearchSpace searchSpace, PopulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(searchSpace);
        ArgumentNullException.ThrowIfNull(options);
        var wrong = options switch
        {
            { Members: < 2 } => $"{options.Members} members; at least 2",
            { Interval: < 1 } => $"an interval of {options.Interval} steps; at least 1",
            _ when options.Steps < options.Interval => $"{options.Steps} steps in intervals of {options.Interval}; a whole training has at least one interval",
            { Share: not (> 0 and <= 0.5) } => $"a share of {options.Share}; above 0 and at most 0.5",
            { Resample: not (>= 0 and <= 1) } => $"a probability of {options.Resample}; from 0 to 1",
            _ => options.Kept.FirstOrDefault(name => searchSpace.Parameters.All(parameter => parameter.Name != name)) is { } unknown
                ? $"'{unknown}' is no parameter of this space; there are: {string.Join(", ", searchSpace.Parameters.Select(parameter => parameter.Name))}" : null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        (this.options, space) = (options, new UnitSpace(searchSpace));
        explorer = new Explorer(space, options);
        beginnings = new History(space, 1) { Seed = options.Seed };
    }

    /// <summary>What is searched.</summary>
    public SearchSpace Space => space.Space;

    /// <summary>How it is trained.</summary>
    public PopulationOptions Options => options;

    /// <summary>Every segment so far, by number.</summary>
    public IReadOnlyList<Segment> Segments
    {
        get
        {
            lock (gate)
            {
                return [.. segments];
            }
        }
    }

    /// <summary>The segment with the best value among those that were trained furthest, the earliest of equals; <c>null</c> before one is done.</summary>
    public Segment? Best
    {
        get
        {
            lock (gate)
            {
                var done = segments.Where(segment => segment.State == SegmentState.Done).ToArray();
                var furthest = done.Select(segment => segment.To).DefaultIfEmpty(0).Max();
                return done.Where(segment => segment.To == furthest).MinBy(Loss);
            }
        }
    }

    /// <summary>The next segment of the member that is furthest behind; <c>null</c> when all members are being trained, or are done.</summary>
    public Segment? Ask()
    {
        lock (gate)
        {
            if (NextMember() is not { } member)
            {
                return null;
            }

            var segment = Next(member);
            segments.Add(segment);
            return segment;
        }
    }

    /// <summary>Whether <see cref="Ask"/> would hand out a segment now.</summary>
    public bool MayAsk
    {
        get
        {
            lock (gate)
            {
                return NextMember() is not null;
            }
        }
    }

    /// <summary>Ends a segment with the objective at its end; NaN counts as the worst there is.</summary>
    /// <exception cref="ArgumentException">No such segment, or told before.</exception>
    public Segment Tell(int segment, double value)
    {
        lock (gate)
        {
            return segments[segment] = Running(segment) with { State = SegmentState.Done, Value = value };
        }
    }

    /// <summary>Ends a segment without a value: its member goes on from one of the best.</summary>
    /// <exception cref="ArgumentException">No such segment, or told before.</exception>
    public Segment Fail(int segment, string? error = null)
    {
        lock (gate)
        {
            return segments[segment] = Running(segment) with { State = SegmentState.Failed, Error = error };
        }
    }

    /// <summary>
    /// Takes up the segments of an earlier process, before the first is asked for. One that was running then is handed out again, under
    /// another number.
    /// </summary>
    /// <exception cref="InvalidOperationException">Segments were asked for already.</exception>
    /// <exception cref="ArgumentException">Numbers are not 0, 1, 2, …, or a configuration is not of this space.</exception>
    public void Restore(IEnumerable<Segment> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        lock (gate)
        {
            if (segments.Count > 0)
            {
                throw new InvalidOperationException("segments can be restored only before the first is asked for");
            }

            foreach (var segment in earlier.OrderBy(segment => segment.Number))
            {
                Space.Check(segment.Configuration);
                if (segment.Number != segments.Count || segment.Parent >= segment.Number || segment.Member < 0 || segment.Member >= options.Members)
                {
                    throw new ArgumentException($"segment {segment.Number} of member {segment.Member} does not follow segment {segments.Count - 1} of a population of {options.Members}", nameof(earlier));
                }

                if (segment.Parent is null)
                {
                    beginnings.Asked(segment.Member, space.Encode(segment.Configuration));
                }

                segments.Add(segment.State == SegmentState.Running ? segment with { State = SegmentState.Failed, Error = Trial.LostError } : segment);
            }
        }
    }

    /// <summary>The settings that the weights at the end of a segment were trained under, from the beginning: the schedule it stands for.</summary>
    /// <exception cref="ArgumentException">No such segment.</exception>
    public IReadOnlyList<SchedulePart> ScheduleOf(int segment)
    {
        lock (gate)
        {
            var parts = new List<SchedulePart>();
            for (int? at = segment >= 0 && segment < segments.Count ? segment : throw new ArgumentException($"segment {segment}: no such segment", nameof(segment)); at is { } number; at = segments[number].Parent)
            {
                var here = segments[number];
                parts.Insert(0, new SchedulePart(here.From, here.To, here.Member, here.Configuration, here.Value));
            }

            return parts;
        }
    }

    /// <summary>The member that is furthest behind, of those that are neither being trained nor done nor given up.</summary>
    private int? NextMember()
    {
        var next = Enumerable.Range(0, options.Members).Select(member => (Member: member, Latest: Latest(member)))
            .Where(entry => entry.Latest is not { State: SegmentState.Running } && (entry.Latest is not { State: SegmentState.Done } done || done.To < options.Steps) && !IsGivenUp(entry.Member));
        return next.OrderBy(entry => Reached(entry.Member)?.To ?? 0).ThenBy(entry => entry.Member).Select(entry => (int?)entry.Member).FirstOrDefault();
    }

    private Segment Next(int member)
    {
        var number = segments.Count;
        var random = new Rng(options.Seed, number);
        var own = Reached(member);
        if (LostOf(member) is { } lost)
        {
            return lost with { Number = number, State = SegmentState.Running, Error = null };
        }

        var failed = Latest(member)?.State == SegmentState.Failed;
        var from = Better(own, failed, random) ?? own;
        if (from is null)
        {
            return new Segment { Number = number, Member = member, Configuration = Begin(member, failed, random), To = Math.Min(options.Interval, options.Steps) };
        }

        var copied = from.Member != member;
        var configuration = copied || failed ? explorer.Explore(from, segments, random) : from.Configuration;
        return new Segment
        {
            Number = number, Member = member, Parent = from.Number, IsCopy = copied, Configuration = configuration, From = from.To, To = Math.Min(from.To + options.Interval, options.Steps),
        };
    }

    private Configuration Begin(int member, bool failed, Rng random)
    {
        if (failed)
        {
            return space.Decode(space.Draw(random));
        }

        // Sobol points from the second on: the middle of the space, which comes first, is one member's at most.
        var point = initial.Suggest(beginnings);
        beginnings.Asked(member, point);
        return space.Decode(point);
    }

    /// <summary>One of the best after as many steps, for a member that failed or is among the worst; <c>null</c> where it had better go on by itself.</summary>
    private Segment? Better(Segment? own, bool failed, Rng random)
    {
        var steps = own?.To ?? 0;
        Segment[] there = [.. Enumerable.Range(0, options.Members).Select(member => At(member, steps)).OfType<Segment>().OrderBy(Loss).ThenBy(segment => segment.Member)];
        if (there.Length < Math.Max(2, (options.Members + 1) / 2))
        {
            return null;
        }

        var count = Math.Max(1, (int)Math.Round(options.Share * there.Length));
        if (!failed && Array.FindIndex(there, segment => segment.Member == own!.Member) < there.Length - count)
        {
            return null;
        }

        var chosen = there[random.Below(count)];
        return Loss(chosen) < double.PositiveInfinity ? chosen : null;
    }

    /// <summary>What a member was worth after so many steps.</summary>
    private Segment? At(int member, long steps) => segments.FindLast(segment => segment.Member == member && segment.State == SegmentState.Done && segment.To == steps);

    private Segment? Latest(int member) => segments.FindLast(segment => segment.Member == member);

    /// <summary>The last segment of a member that is done.</summary>
    private Segment? Reached(int member) => segments.FindLast(segment => segment.Member == member && segment.State == SegmentState.Done);

    /// <summary>The segment that a member was training when its process went away.</summary>
    private Segment? LostOf(int member) => Latest(member) is { State: SegmentState.Failed, Error: Trial.LostError } lost ? lost : null;

    private bool IsGivenUp(int member)
    {
        var row = segments.Where(segment => segment.Member == member && segment.Error != Trial.LostError).TakeLast(MostFailures).ToArray();
        return row.Length == MostFailures && Array.TrueForAll(row, segment => segment.State == SegmentState.Failed);
    }

    private double Loss(Segment segment) => double.IsNaN(segment.Value) ? double.PositiveInfinity : options.Direction == Direction.Minimize ? segment.Value : -segment.Value;

    private Segment Running(int number) => number < 0 || number >= segments.Count
        ? throw new ArgumentException($"segment {number}: no such segment; ask for one first", nameof(number))
        : segments[number] is { State: SegmentState.Running } segment ? segment
        : throw new ArgumentException($"segment {number} was told before ({segments[number].State.ToString().ToLowerInvariant()}); a segment is told once", nameof(number));
}
