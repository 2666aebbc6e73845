using Roux.Tracking.Artifacts;
using Roux.Tracking.Metrics;
using Roux.Tracking.Runs;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// A run under way: log to it from any thread, then finish or dispose it. Params, metrics and tags are written in the background;
/// <see cref="Flush"/> returns when everything logged before it would survive the end of the process.
/// <code>
/// using var run = experiment.StartRun("lgbm");
/// run.Log("lr", 0.1).LogMetric("loss", 0.4, step: 1);
/// run.LogArtifact("model.zip");
/// </code>
/// </summary>
/// <remarks>
/// <see cref="Dispose"/> finishes the run as <see cref="RunStatus.Finished"/>: a <c>using</c> block cannot see an exception that is passing
/// through it, so call <see cref="Fail"/> from a <c>catch</c>. An exception that nobody catches marks the run failed by itself.
/// </remarks>
public sealed class Run : IDisposable
{
    /// <summary>What a program that <c>roux run</c> started said when it marked its run as failed.</summary>
    public const string FailureTag = "roux.failure";

    private const string DroppedTag = "roux.dropped";

    private readonly Lock gate = new();
    private readonly Tracker tracker;
    private readonly WriteQueue writes;
    private readonly Experiment experiment;
    private readonly Dictionary<string, SeriesBuffer> series = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> parameters;
    private bool ended;
    private bool seedNamed;
    private bool hasDropped;

    internal Run(Tracker tracker, Experiment experiment, long key, string id, string name, Dictionary<string, string> parameters)
    {
        this.tracker = tracker;
        this.experiment = experiment;
        this.parameters = parameters;
        writes = tracker.Database.WritesOrThrow();
        Key = key;
        Id = id;
        Name = name;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Its name; several runs may share one.</summary>
    public string Name { get; }

    /// <summary>Id of the run that it is a part of.</summary>
    public string? ParentId { get; internal init; }

    /// <summary>Whether it is finished, failed or killed by this process.</summary>
    public bool HasEnded
    {
        get
        {
            lock (gate)
            {
                return ended;
            }
        }
    }

    /// <summary>Whether another process records this run and ends it, and this one only adds to it.</summary>
    internal bool IsJoined { get; init; }

    /// <summary>The run's key inside the database.</summary>
    internal long Key { get; }

    /// <summary>Logs a param. It keeps its first value: setting the same again is fine, another one is refused.</summary>
    /// <param name="key">1 to 250 characters, none of them control characters.</param>
    /// <param name="value">Stored as invariant text; numbers read back to the same number, a sequence becomes <c>[a, b]</c>.</param>
    /// <exception cref="TrackingException">The name is no good, the param has another value, or the run has ended.</exception>
    public Run Log(string key, object value)
    {
        KeyRules.Check("param", key);
        var text = ParamText.Of(value);
        lock (gate)
        {
            EnsureOpen();
            if (parameters.TryGetValue(key, out var known))
            {
                return known == text ? this
                    : throw new TrackingException($"param '{key}' of run {Id} is '{known}' and cannot become '{text}'; log a metric for what changes, or use another name");
            }

            parameters.Add(key, text);
            var time = tracker.Now();
            writes.Add(new Deferred(session =>
            {
                if (IsJoined)
                {
                    RunWrites.ParamOver(session, Key, key, text);
                }
                else
                {
                    RunWrites.Param(session, Key, key, text, time);
                }
            }));
        }

        return this;
    }

    /// <summary>Logs several params; see <see cref="Log"/>.</summary>
    public Run LogParams(IEnumerable<KeyValuePair<string, object>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var (key, value) in parameters)
        {
            Log(key, value);
        }

        return this;
    }

    /// <summary>Logs a point of a metric.</summary>
    /// <param name="key">1 to 250 characters, none of them control characters.</param>
    /// <param name="value">Any number, NaN and infinities included.</param>
    /// <param name="step">Position in the series, e.g. the epoch.</param>
    /// <param name="timestamp">When; now by default. Kept to the millisecond.</param>
    public Run LogMetric(string key, double value, long step = 0, DateTimeOffset? timestamp = null)
    {
        var time = timestamp?.ToUnixTimeMilliseconds() ?? tracker.Now();
        lock (gate)
        {
            EnsureOpen();
            if (!Drops() && Series(key).Add(step, time, value) is { } full)
            {
                writes.Add(full);
            }
        }

        return this;
    }

    /// <summary>Logs many points of a metric with consecutive steps, all with the present time.</summary>
    /// <param name="key">1 to 250 characters, none of them control characters.</param>
    /// <param name="values">Any numbers, NaN and infinities included.</param>
    /// <param name="firstStep">Step of the first value.</param>
    public Run LogMetrics(string key, ReadOnlySpan<double> values, long firstStep = 0)
    {
        var time = tracker.Now();
        lock (gate)
        {
            EnsureOpen();
            var buffer = Series(key);
            for (var index = Drops() ? values.Length : 0; index < values.Length; index++)
            {
                if (buffer.Add(firstStep + index, time, values[index]) is { } full)
                {
                    writes.Add(full);
                }
            }
        }

        return this;
    }

    /// <summary>Sets a tag; the last value stands.</summary>
    public Run Tag(string key, string value)
    {
        KeyRules.Check("tag", key);
        ArgumentNullException.ThrowIfNull(value);
        return Write(session => RunWrites.Tag(session, Key, key, value));
    }

    /// <summary>Notes the seed that the run's random numbers come from, so that it can be run again with the same: tags <c>roux.seed</c> and <c>roux.seed.source</c>.</summary>
    public Run Seed(long seed)
    {
        NoteSeed(seed, "program", always: true);
        return this;
    }

    /// <summary>Notes a seed and who named it; what the program says itself by <see cref="Seed"/> stands, whatever else is seen and when.</summary>
    internal void NoteSeed(long? seed, string source, bool always = false)
    {
        lock (gate)
        {
            if (!always && seedNamed)
            {
                return;
            }

            seedNamed |= always;
            if (seed is { } number)
            {
                Tag("roux.seed", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            Tag("roux.seed.source", source);
        }
    }

    /// <summary>States how far a metric may be off when <c>roux reproduce</c> runs the program again and still count as equal.</summary>
    /// <param name="metric">Name of the metric; <c>*</c> for all that have none of their own.</param>
    /// <param name="relative">Share of the larger of the two values, such as 1e-6. Without a stated one, 1e-9 holds.</param>
    public Run Tolerate(string metric, double relative)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return relative >= 0 && double.IsFinite(relative)
            ? Tag(Reproduction.MetricTolerance.TagPrefix + metric, relative.ToString("R", System.Globalization.CultureInfo.InvariantCulture))
            : throw new TrackingException($"tolerance {relative} of metric '{metric}': give a number from 0 up, such as 1e-6");
    }

    /// <summary>Copies a file, or the files of a folder, to the run's artifacts. It is there, whole and synced, when this returns.</summary>
    /// <param name="localPath">A file or a folder. Links inside a folder that lead out of it are left out, with a warning on the run.</param>
    /// <param name="artifactPath">Folder among the artifacts to put it in; by default the top.</param>
    public Run LogArtifact(string localPath, string? artifactPath = null)
    {
        ArgumentNullException.ThrowIfNull(localPath);
        EnsureOpenNow();
        foreach (var skipped in Drops() ? [] : tracker.Artifacts.Copy(Id, localPath, artifactPath))
        {
            Warn($"artifact '{skipped}' of '{localPath}' was left out: it is a link that leads out of the folder");
        }

        return this;
    }

    /// <summary>Writes a text as an artifact (UTF-8), replacing what is there.</summary>
    public Run LogText(string artifactPath, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LogBytes(artifactPath, System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes bytes as an artifact, replacing what is there.</summary>
    public Run LogBytes(string artifactPath, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(artifactPath);
        EnsureOpenNow();
        if (Drops())
        {
            return this;
        }

        using var stream = tracker.Artifacts.Create(Id, artifactPath);
        try
        {
            stream.Write(bytes);
        }
        catch (IOException exception)
        {
            stream.Abandon();
            throw DiskErrors.Explain(artifactPath, exception);
        }

        return this;
    }

    /// <summary>A stream to a new artifact; it appears, whole and synced, when the stream is closed, and replaces what is there.</summary>
    public Stream CreateArtifact(string artifactPath)
    {
        ArgumentNullException.ThrowIfNull(artifactPath);
        EnsureOpenNow();
        return Drops() ? Stream.Null : tracker.Artifacts.Create(Id, artifactPath);
    }

    /// <summary>A stream to the end of an artifact that others can read while it grows, for logs. Writes go straight to the file.</summary>
    public Stream AppendArtifact(string artifactPath)
    {
        ArgumentNullException.ThrowIfNull(artifactPath);
        EnsureOpenNow();
        return Drops() ? Stream.Null : tracker.Artifacts.Append(Id, artifactPath);
    }

    /// <summary>Notes a data set that the run reads.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="context">Its part: <c>training</c>, <c>test</c>, ….</param>
    public Run LogDataset(Dataset dataset, string context)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(context);
        return Write(session => RunWrites.Dataset(session, Key, dataset, context));
    }

    /// <summary>Whether the store has a profile of the content of a digest already.</summary>
    internal bool KnowsProfile(string digest) =>
        tracker.Database.Read(session => session.Number("SELECT 1 FROM datasets WHERE digest = $digest AND profile IS NOT NULL LIMIT 1", ("$digest", digest))) is not null;

    /// <summary>Notes what a check found.</summary>
    public Run LogFinding(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var evidence = finding.Evidence?.ToJsonString();
        return Write(session => RunWrites.Finding(session, Key, finding, evidence));
    }

    /// <summary>Removes the findings logged so far, except those of capture: for a run that is taken up again and judged anew.</summary>
    public Run ForgetFindings() => Write(session => RunWrites.ForgetFindings(session, Key, ofCapture: false));

    /// <summary>Removes the findings of capture: for a run that is captured again.</summary>
    internal void ForgetCapture() => Write(session => RunWrites.ForgetFindings(session, Key, ofCapture: true));

    /// <summary>Notes something that went wrong beside the work itself, such as a capture that failed.</summary>
    public Run Warn(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var time = tracker.Now();
        return Write(session => RunWrites.Warning(session, Key, time, message));
    }

    /// <summary>Starts a run that is a part of this one, in the same experiment.</summary>
    public Run StartChild(string? name = null, IReadOnlyDictionary<string, string>? tags = null) => experiment.StartRun(name, this, tags);

    /// <summary>Returns when everything logged before is in the store: it then survives the end of the process by any means.</summary>
    /// <exception cref="TrackingException">It could not be written, e.g. because the disk is full.</exception>
    public void Flush()
    {
        Task<bool> done;
        lock (gate)
        {
            Drain();
            done = writes.Start(_ => true);
        }

        done.GetAwaiter().GetResult();
    }

    /// <summary>Ends the run and flushes it. Ending it again changes nothing.</summary>
    /// <exception cref="TrackingException">It could not be written, e.g. because the disk is full.</exception>
    public void Finish(RunStatus status = RunStatus.Finished) => End(status, null);

    /// <summary>Ends the run as failed, with the exception that ended it.</summary>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(RunStatus.Failed, exception.ToString());
    }

    /// <summary>Finishes the run, unless it has ended.</summary>
    public void Dispose()
    {
        var known = writes.HasReportedFailure;
        try
        {
            End(RunStatus.Finished, null);
        }
        catch (TrackingException) when (known)
        {
            // The caller has been told that the store takes no more; telling again would hide the exception under way.
        }
    }

    /// <summary>Ends the run with a reason.</summary>
    internal void End(RunStatus status, string? error)
    {
        Task<bool> done;
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            ended = true;
            tracker.Forget(this);
            Drain();
            done = StartEnd(status, error);
        }

        done.GetAwaiter().GetResult();
    }

    /// <summary>Hands what waits in memory to the writer.</summary>
    internal void WriteBuffered()
    {
        lock (gate)
        {
            Drain();
        }
    }

    /// <summary>
    /// On the way out of the process: writes what waits and marks the run ended, without closing it, for a process that survives a signal
    /// goes on to finish its runs. Gives up when the run's lock is not to be had.
    /// </summary>
    internal Task? MarkEnded(RunStatus status, string error, TimeSpan patience)
    {
        if (!gate.TryEnter(patience))
        {
            return null;
        }

        try
        {
            if (ended)
            {
                return null;
            }

            Drain();
            return StartEnd(status, error);
        }
        finally
        {
            gate.Exit();
        }
    }

    private Task<bool> StartEnd(RunStatus status, string? error)
    {
        var time = tracker.Now();
        return writes.Start(session =>
        {
            if (!IsJoined)
            {
                RunWrites.End(session, Key, status, time, error);
            }
            else if (status == RunStatus.Failed)
            {
                // Its recorder ends it, by how the program ended; this says what the program itself made of it.
                RunWrites.Tag(session, Key, FailureTag, error is { Length: > 0 } ? error[..Math.Min(error.Length, 5000)] : "the program marked its run as failed");
            }

            return true;
        });
    }

    /// <summary>Whether metrics and artifacts are dropped, because what waits for a server is as much as it may be; noted on the run.</summary>
    private bool Drops()
    {
        if (!tracker.DropsData)
        {
            return false;
        }

        if (!Interlocked.Exchange(ref hasDropped, true))
        {
            Tag(DroppedTag, "true").Warn("metrics or artifacts are missing: the server took nothing, and the spool on this machine was full");
        }

        return true;
    }

    private Run Write(Action<WriteSession> work)
    {
        lock (gate)
        {
            EnsureOpen();
            writes.Add(new Deferred(work));
        }

        return this;
    }

    private SeriesBuffer Series(string key)
    {
        if (!series.TryGetValue(key, out var buffer))
        {
            KeyRules.Check("metric", key);
            buffer = new SeriesBuffer(Key, key);
            series.Add(key, buffer);
        }

        return buffer;
    }

    private void Drain()
    {
        foreach (var buffer in series.Values)
        {
            if (buffer.Take() is { } points)
            {
                writes.Add(points);
            }
        }
    }

    private void EnsureOpenNow()
    {
        lock (gate)
        {
            EnsureOpen();
        }
    }

    private void EnsureOpen()
    {
        if (ended)
        {
            throw new TrackingException($"run {Id} ('{Name}') has ended; log before finishing or disposing it");
        }
    }
}
