namespace Roux.Learning.Learners.Trees;

/// <summary>A way to cut a node in two.</summary>
/// <param name="Feature">The feature, or -1 for no split.</param>
/// <param name="Code">Ranks up to this go left.</param>
/// <param name="Threshold">Values up to this go left.</param>
/// <param name="MissingLeft">Whether missing values go left.</param>
/// <param name="Gain">Impurity times weight taken away.</param>
internal readonly record struct Split(int Feature, int Code, float Threshold, bool MissingLeft, double Gain)
{
    public static Split None { get; } = new(-1, 0, 0, false, double.NegativeInfinity);
}

/// <summary>What a node holds.</summary>
/// <param name="Weight">Total weight.</param>
/// <param name="Mean">Regression: weighted mean.</param>
/// <param name="Impurity">Its impurity.</param>
/// <param name="Pure">Whether all its rows have the same answer.</param>
internal readonly record struct NodeState(double Weight, double Mean, double Impurity, bool Pure);

/// <summary>
/// Searches one node for its best split: orders its rows by the rank of a feature and runs once along the order, keeping left and right
/// sums up to date in constant time a row. Missing values are tried on both sides.
/// </summary>
internal sealed class SplitSearch
{
    private readonly TreeData data;
    private readonly TreeSettings settings;
    private readonly RankOrder order;
    private readonly double[] weights;
    private readonly double[] moments;
    private readonly int[] labels;
    private readonly double[] left;
    private readonly double[] right;
    private readonly double[] missing;
    private readonly double[] skipped;
    private readonly int[] members;
    private int count;
    private NodeState state;
    private double[] classWeights = [];
    private double momentTotal;
    private double missingWeight;
    private double skippedWeight;

    public SplitSearch(TreeData data, TreeSettings settings)
    {
        this.data = data;
        this.settings = settings;
        var rows = data.Weights.Length;
        order = new RankOrder(data.Columns);
        weights = new double[rows];
        moments = new double[data.Classes == 0 ? rows : 0];
        labels = new int[data.Classes == 0 ? 0 : rows];
        members = new int[rows];
        var sums = Math.Max(1, data.Classes);
        (left, right, missing, skipped) = (new double[sums], new double[sums], new double[sums], new double[sums]);
    }

    /// <summary>Makes a node the one to search.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="rowWeights">Weights of all rows.</param>
    /// <param name="classWeights">Class tasks: receives the node's weight per class.</param>
    public NodeState Enter(ReadOnlySpan<int> rows, double[] rowWeights, double[] classWeights)
    {
        count = rows.Length;
        this.classWeights = classWeights;
        rows.CopyTo(members);
        return state = data.Classes == 0 ? EnterValues(rows, rowWeights) : EnterClasses(rows, rowWeights);
    }

    /// <summary>Tries one feature and keeps the better split.</summary>
    /// <returns>Whether the feature takes more than one value in the node.</returns>
    public bool Try(int feature, ref SplitMix64 random, ref Split best)
    {
        order.Gather(feature, members.AsSpan(0, count));
        if (order.Missing == count || (order.Missing == 0 && order.Lowest == order.Highest))
        {
            return false;
        }

        SumUnlisted();
        if (settings.RandomThresholds)
        {
            TryRandom(feature, ref random, ref best);
            return true;
        }

        order.Sort();
        Scan(feature, missingLeft: false, ref best);
        if (order.Missing > 0 && order.Lowest < order.Highest)
        {
            Scan(feature, missingLeft: true, ref best);
        }

        return true;
    }

    private NodeState EnterValues(ReadOnlySpan<int> rows, double[] rowWeights)
    {
        var (total, sum) = (0.0, 0.0);
        var (lowest, highest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < rows.Length; i++)
        {
            var weight = rowWeights[rows[i]];
            var value = data.Values[rows[i]];
            weights[i] = weight;
            moments[i] = value;
            total += weight;
            sum += weight * value;
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        var mean = lowest == highest ? lowest : sum / total;
        var squares = 0.0;
        momentTotal = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var distance = moments[i] - mean; // sums of distances from the mean keep their digits
            squares += weights[i] * distance * distance;
            moments[i] = weights[i] * distance;
            momentTotal += moments[i]; // about 0
        }

        return new NodeState(total, mean, squares / total, lowest == highest);
    }

    private NodeState EnterClasses(ReadOnlySpan<int> rows, double[] rowWeights)
    {
        Array.Clear(classWeights);
        for (var i = 0; i < rows.Length; i++)
        {
            weights[i] = rowWeights[rows[i]];
            labels[i] = data.Labels[rows[i]];
            classWeights[labels[i]] += weights[i];
        }

        var (total, kinds) = (0.0, 0);
        foreach (var weight in classWeights)
        {
            total += weight;
            kinds += weight > 0 ? 1 : 0;
        }

        var score = settings.Impurity == Impurity.Entropy ? 0.0 : 1.0;
        foreach (var weight in classWeights)
        {
            var share = weight / total;
            score -= settings.Impurity == Impurity.Entropy ? PlogP(share) : share * share;
        }

        return new NodeState(total, 0, score, kinds <= 1);
    }

    /// <summary>Sums over the rows without a value, and over those of the lowest value that have no key: what remains of the node.</summary>
    private void SumUnlisted()
    {
        Array.Clear(missing);
        missingWeight = 0;
        for (var i = 0; i < order.Missing; i++)
        {
            Add(order.MissingPlaces[i], missing, ref missingWeight);
        }

        Array.Clear(skipped);
        skippedWeight = 0;
        if (order.Skipped == 0)
        {
            return;
        }

        for (var i = 0; i < order.Count; i++)
        {
            Add((int)(order.Keys[i] & order.Mask), skipped, ref skippedWeight);
        }

        skippedWeight = state.Weight - missingWeight - skippedWeight;
        for (var k = 0; k < skipped.Length; k++)
        {
            skipped[k] = (data.Classes == 0 ? momentTotal : classWeights[k]) - missing[k] - skipped[k];
        }
    }

    private void Add(int place, double[] sums, ref double weight)
    {
        weight += weights[place];
        if (data.Classes == 0)
        {
            sums[0] += moments[place];
        }
        else
        {
            sums[labels[place]] += weights[place];
        }
    }

    private void Scan(int feature, bool missingLeft, ref Split best)
    {
        if (data.Classes == 0)
        {
            ScanValues(feature, missingLeft, ref best);
        }
        else
        {
            ScanClasses(feature, missingLeft, ref best);
        }
    }

    private void ScanValues(int feature, bool missingLeft, ref Split best)
    {
        var keys = order.Keys;
        var (shift, mask) = (order.Shift, order.Mask);
        var leftCount = order.Skipped + (missingLeft ? order.Missing : 0);
        var leftWeight = skippedWeight + (missingLeft ? missingWeight : 0);
        var leftSum = skipped[0] + (missingLeft ? missing[0] : 0);
        var parent = momentTotal * momentTotal / state.Weight;
        for (var i = order.Skipped > 0 ? -1 : 0; i < order.Count; i++)
        {
            var code = 0;
            if (i >= 0)
            {
                var place = (int)(keys[i] & mask);
                leftWeight += weights[place];
                leftSum += moments[place];
                leftCount++;
                code = (int)(keys[i] >> shift);
            }

            var last = i + 1 == order.Count;
            if (!last && (int)(keys[i + 1] >> shift) == code)
            {
                continue;
            }

            if (leftCount < settings.MinLeaf || count - leftCount < settings.MinLeaf || leftCount == count)
            {
                continue;
            }

            var rightWeight = state.Weight - leftWeight;
            if (rightWeight <= 0 || leftWeight <= 0)
            {
                continue; // lost in rounding beside much heavier rows
            }

            var rightSum = momentTotal - leftSum;
            var gain = leftSum * leftSum / leftWeight + rightSum * rightSum / rightWeight - parent;
            if (gain > best.Gain)
            {
                best = Make(feature, code, last ? -1 : (int)(keys[i + 1] >> shift), missingLeft, leftCount, gain);
            }
        }
    }

    private void ScanClasses(int feature, bool missingLeft, ref Split best)
    {
        var keys = order.Keys;
        var (shift, mask) = (order.Shift, order.Mask);
        var entropy = settings.Impurity == Impurity.Entropy;
        var leftCount = order.Skipped + (missingLeft ? order.Missing : 0);
        var leftWeight = skippedWeight + (missingLeft ? missingWeight : 0);
        var (leftScore, rightScore) = (0.0, 0.0);
        for (var k = 0; k < left.Length; k++)
        {
            left[k] = skipped[k] + (missingLeft ? missing[k] : 0);
            right[k] = classWeights[k] - left[k];
            leftScore += entropy ? PlogP(left[k]) : left[k] * left[k];
            rightScore += entropy ? PlogP(right[k]) : right[k] * right[k];
        }

        var parent = Parent(entropy);
        for (var i = order.Skipped > 0 ? -1 : 0; i < order.Count; i++)
        {
            var code = 0;
            if (i >= 0)
            {
                var place = (int)(keys[i] & mask);
                var weight = weights[place];
                var k = labels[place];
                if (entropy)
                {
                    leftScore += PlogP(left[k] + weight) - PlogP(left[k]);
                    rightScore += PlogP(right[k] - weight) - PlogP(right[k]);
                }
                else
                {
                    leftScore += weight * (2 * left[k] + weight);
                    rightScore -= weight * (2 * right[k] - weight);
                }

                left[k] += weight;
                right[k] -= weight;
                leftWeight += weight;
                leftCount++;
                code = (int)(keys[i] >> shift);
            }

            var last = i + 1 == order.Count;
            if ((!last && (int)(keys[i + 1] >> shift) == code) || leftCount < settings.MinLeaf || count - leftCount < settings.MinLeaf || leftCount == count)
            {
                continue;
            }

            var rightWeight = state.Weight - leftWeight;
            if (rightWeight <= 0 || leftWeight <= 0)
            {
                continue; // lost in rounding beside much heavier rows
            }

            var gain = entropy
                ? leftScore - PlogP(leftWeight) + rightScore - PlogP(rightWeight) - parent
                : leftScore / leftWeight + rightScore / rightWeight - parent;
            if (gain > best.Gain)
            {
                best = Make(feature, code, last ? -1 : (int)(keys[i + 1] >> shift), missingLeft, leftCount, gain);
            }
        }
    }

    /// <summary>One threshold drawn evenly between the smallest and the largest value of the node; missing values try both sides.</summary>
    private void TryRandom(int feature, ref SplitMix64 random, ref Split best)
    {
        var lows = data.Columns.Lows[feature];
        var highs = data.Columns.Highs[feature];
        var (lowest, highest) = ((double)lows[order.Lowest], (double)highs[order.Highest]);
        var draw = random.NextDouble();
        var code = order.Lowest;
        if (order.Lowest < order.Highest)
        {
            var threshold = (float)Math.Clamp(lowest + draw * (highest - lowest), -float.MaxValue, float.MaxValue);
            code = Array.BinarySearch(lows, order.Lowest, order.Highest - order.Lowest, threshold);
            code = Math.Clamp(code < 0 ? ~code - 1 : code, order.Lowest, order.Highest - 1);
            TryAt(feature, code, Math.Max(threshold, highs[code]), missingLeft: false, ref best);
            if (order.Missing > 0)
            {
                TryAt(feature, code, Math.Max(threshold, highs[code]), missingLeft: true, ref best);
            }
        }
        else
        {
            TryAt(feature, code, float.PositiveInfinity, missingLeft: false, ref best);
        }
    }

    private void TryAt(int feature, int code, float threshold, bool missingLeft, ref Split best)
    {
        var leftCount = order.Skipped + (missingLeft ? order.Missing : 0);
        var leftWeight = skippedWeight + (missingLeft ? missingWeight : 0);
        for (var k = 0; k < left.Length; k++)
        {
            left[k] = skipped[k] + (missingLeft ? missing[k] : 0);
        }

        var keys = order.Keys;
        for (var i = 0; i < order.Count; i++)
        {
            if ((int)(keys[i] >> order.Shift) <= code)
            {
                leftCount++;
                Add((int)(keys[i] & order.Mask), left, ref leftWeight);
            }
        }

        if (leftCount < settings.MinLeaf || count - leftCount < settings.MinLeaf || leftCount == 0 || leftCount == count)
        {
            return;
        }

        var rightWeight = state.Weight - leftWeight;
        if (rightWeight <= 0 || leftWeight <= 0)
        {
            return; // lost in rounding beside much heavier rows
        }

        double gain;
        if (data.Classes == 0)
        {
            gain = left[0] * left[0] / leftWeight + left[0] * left[0] / rightWeight; // the sums cancel about the mean
        }
        else
        {
            var entropy = settings.Impurity == Impurity.Entropy;
            var (leftScore, rightScore) = (0.0, 0.0);
            for (var k = 0; k < left.Length; k++)
            {
                var rest = classWeights[k] - left[k];
                leftScore += entropy ? PlogP(left[k]) : left[k] * left[k];
                rightScore += entropy ? PlogP(rest) : rest * rest;
            }

            gain = (entropy
                ? leftScore - PlogP(leftWeight) + rightScore - PlogP(rightWeight)
                : leftScore / leftWeight + rightScore / rightWeight) - Parent(entropy);
        }

        if (gain > best.Gain)
        {
            best = new Split(feature, code, threshold, order.Missing > 0 ? missingLeft : 2 * leftCount > count, gain);
        }
    }

    private Split Make(int feature, int code, int nextCode, bool missingLeft, int leftCount, double gain) => new(
        feature,
        code,
        nextCode < 0 ? float.PositiveInfinity : data.Columns.Between(feature, code, nextCode),
        order.Missing > 0 ? missingLeft : 2 * leftCount > count, // unseen here: the larger side
        gain);

    private double Parent(bool entropy)
    {
        var score = 0.0;
        foreach (var weight in classWeights)
        {
            score += entropy ? PlogP(weight) : weight * weight;
        }

        return entropy ? score - PlogP(state.Weight) : score / state.Weight;
    }

    private static double PlogP(double p) => p > 0 ? p * Math.Log(p) : 0;
}
