using Roux.Learning.Pipelines;

namespace Roux.Learning.Explanations;

/// <summary>Sums the parts of features to their source columns, and keeps the strongest features behind them.</summary>
internal sealed class Grouping
{
    private readonly int[][] columnOf;
    private readonly IReadOnlyList<PipelineMember> members;
    private readonly double[][] means;
    private readonly bool[][] several;
    private readonly Dictionary<(int Row, string Feature), RowFeature> rows = [];

    private Grouping(IReadOnlyList<PipelineMember> members, IReadOnlyList<string> columns, int[][] columnOf)
    {
        (this.members, Columns, this.columnOf) = (members, columns, columnOf);
        means = [.. members.Select(member => new double[member.Featurizer.Features.Count])];
        several = [.. columnOf.Select(of =>
        {
            var counts = new int[columns.Count];
            foreach (var column in of)
            {
                counts[column]++;
            }

            return Array.ConvertAll(of, column => counts[column] > 1);
        })];
    }

    /// <summary>The columns that any member makes features of, in the pipeline's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public static Grouping Of(Pipeline pipeline, IReadOnlyList<(PipelineMember Member, Attribution Parts)> members)
    {
        var used = members.SelectMany(pair => pair.Member.Featurizer.Features).Select(feature => feature.Source).ToHashSet(StringComparer.Ordinal);
        List<string> columns = [.. pipeline.Columns.Select(column => column.Name).Where(used.Remove)];
        columns.AddRange(used.Order(StringComparer.Ordinal)); // the stand-in of a model without features
        var place = columns.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        return new Grouping(
            [.. members.Select(pair => pair.Member)], columns,
            [.. members.Select(pair => pair.Member.Featurizer.Features.Select(feature => place[feature.Source]).ToArray())]);
    }

    /// <summary>Adds the parts of a member's features.</summary>
    /// <param name="member">The member.</param>
    /// <param name="firstRow">Number of the first row.</param>
    /// <param name="parts">Rows x features x outputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="grouped">Rows x columns x outputs; added to.</param>
    /// <param name="detailRows">Rows whose features are kept one by one.</param>
    public void Add(int member, int firstRow, double[] parts, int outputs, double[] grouped, int detailRows)
    {
        var of = columnOf[member];
        var rowCount = parts.Length / Math.Max(1, of.Length * outputs);
        for (var row = 0; row < rowCount; row++)
        {
            for (var feature = 0; feature < of.Length; feature++)
            {
                var from = parts.AsSpan((row * of.Length + feature) * outputs, outputs);
                var to = grouped.AsSpan((row * Columns.Count + of[feature]) * outputs, outputs);
                for (var k = 0; k < outputs; k++)
                {
                    to[k] += from[k];
                    means[member][feature] += Math.Abs(from[k]);
                }
            }

            if (firstRow + row < detailRows)
            {
                Keep(member, firstRow + row, parts.AsSpan(row * of.Length * outputs, of.Length * outputs), outputs);
            }
        }
    }

    /// <summary>The strongest features of columns that are made into several.</summary>
    /// <param name="count">What sums are divided by.</param>
    /// <param name="most">Most features to tell.</param>
    public IReadOnlyList<FeatureShare> Shares(int count, int most)
    {
        var shares = new Dictionary<string, FeatureShare>(StringComparer.Ordinal);
        for (var member = 0; member < members.Count; member++)
        {
            for (var feature = 0; feature < means[member].Length; feature++)
            {
                if (several[member][feature] && means[member][feature] > 0)
                {
                    var name = members[member].Featurizer.Features[feature].Name;
                    var before = shares.GetValueOrDefault(name)?.Mean ?? 0;
                    shares[name] = new FeatureShare(Columns[columnOf[member][feature]], name, before + means[member][feature] / count);
                }
            }
        }

        return [.. shares.Values.OrderByDescending(share => share.Mean).ThenBy(share => share.Feature, StringComparer.Ordinal).Take(most)];
    }

    /// <summary>The strongest features of each row that was asked for.</summary>
    public IReadOnlyList<RowFeature> RowFeatures(int most) =>
        [.. rows.Values.GroupBy(feature => feature.Row).OrderBy(group => group.Key)
            .SelectMany(group => group.OrderByDescending(feature => feature.Values.Max(Math.Abs)).ThenBy(feature => feature.Feature, StringComparer.Ordinal).Take(most))];

    private void Keep(int member, int row, ReadOnlySpan<double> parts, int outputs)
    {
        for (var feature = 0; feature < columnOf[member].Length; feature++)
        {
            var own = parts.Slice(feature * outputs, outputs);
            if (!several[member][feature] || !own.ContainsAnyExcept(0.0))
            {
                continue;
            }

            var name = members[member].Featurizer.Features[feature].Name;
            var values = rows.GetValueOrDefault((row, name))?.Values ?? new double[outputs];
            rows[(row, name)] = new RowFeature(row, Columns[columnOf[member][feature]], name, [.. values.Zip(own.ToArray(), (a, b) => a + b)]);
        }
    }
}
