namespace Roux.Learning.Data.Splitting;

/// <summary>Ways to deal rows to folds. Each gives one fold number a row.</summary>
internal static class FoldAssignment
{
    /// <summary>Random folds whose sizes differ by one at most.</summary>
    public static int[] Random(int rows, int folds, SplitRandom random)
    {
        var assigned = new int[rows];
        var order = random.Permutation(rows);
        for (var i = 0; i < rows; i++)
        {
            assigned[order[i]] = i % folds;
        }

        return assigned;
    }

    /// <summary>
    /// Folds in which each class has its share: rows are dealt in turn, class by class, each class starting where the one before
    /// stopped. Counts of a class in two folds differ by one at most, and so do the sizes of the folds.
    /// </summary>
    public static int[] ByClass(int[] labels, int classes, int folds, SplitRandom random)
    {
        var assigned = new int[labels.Length];
        var turn = 0;
        foreach (var row in OrderedByClass(labels, classes, random))
        {
            assigned[row] = turn++ % folds;
        }

        return assigned;
    }

    /// <summary>Folds over whose values the target spreads alike: of each run of neighbours in the sorted order, every fold gets one.</summary>
    public static int[] ByValue(double[] values, int folds, SplitRandom random)
    {
        var assigned = new int[values.Length];
        var order = OrderedByValue(values, random);
        var numbers = new int[folds];
        for (var at = 0; at < order.Length; at += folds)
        {
            for (var fold = 0; fold < folds; fold++)
            {
                numbers[fold] = fold;
            }

            random.Shuffle(numbers.AsSpan());
            for (var i = 0; i < folds && at + i < order.Length; i++)
            {
                assigned[order[at + i]] = numbers[i];
            }
        }

        return assigned;
    }

    /// <summary>
    /// Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data", algorithm 1):
    /// the rarest label left is dealt first, each of its rows to the fold that wants most of it.
    /// </summary>
    /// <param name="indicators">Rows x labels, row-major.</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="shares">Share of the rows that each fold is to get; they sum to 1.</param>
    /// <param name="random">Breaks ties.</param>
    public static int[] ByLabels(bool[] indicators, int labels, double[] shares, SplitRandom random)
    {
        var rows = indicators.Length / labels;
        var assigned = new int[rows];
        Array.Fill(assigned, -1);
        var order = random.Permutation(rows);
        var left = new int[labels];
        var lists = new List<int>[labels];
        for (var label = 0; label < labels; label++)
        {
            lists[label] = [];
        }

        foreach (var row in order)
        {
            for (var label = 0; label < labels; label++)
            {
                if (indicators[row * labels + label])
                {
                    left[label]++;
                    lists[label].Add(row);
                }
            }
        }

        var wanted = new double[shares.Length];
        var wantedOf = new double[shares.Length, labels];
        for (var fold = 0; fold < shares.Length; fold++)
        {
            wanted[fold] = shares[fold] * rows;
            for (var label = 0; label < labels; label++)
            {
                wantedOf[fold, label] = shares[fold] * left[label];
            }
        }

        while (true)
        {
            var rarest = -1;
            for (var label = 0; label < labels; label++)
            {
                if (left[label] > 0 && (rarest < 0 || left[label] < left[rarest]))
                {
                    rarest = label;
                }
            }

            if (rarest < 0)
            {
                break;
            }

            foreach (var row in lists[rarest])
            {
                if (assigned[row] < 0)
                {
                    Deal(row, Choose(fold => wantedOf[fold, rarest]));
                }
            }
        }

        foreach (var row in order)
        {
            if (assigned[row] < 0)
            {
                Deal(row, Choose(_ => 0));
            }
        }

        return assigned;

        int Choose(Func<int, double> first)
        {
            var best = 0;
            var ties = 1;
            for (var fold = 1; fold < shares.Length; fold++)
            {
                var compared = first(fold).CompareTo(first(best));
                compared = compared != 0 ? compared : wanted[fold].CompareTo(wanted[best]);
                if (compared > 0)
                {
                    (best, ties) = (fold, 1);
                }
                else if (compared == 0 && random.Below(++ties) == 0)
                {
                    best = fold;
                }
            }

            return best;
        }

        void Deal(int row, int fold)
        {
            assigned[row] = fold;
            wanted[fold]--;
            for (var label = 0; label < labels; label++)
            {
                if (indicators[row * labels + label])
                {
                    wantedOf[fold, label]--;
                    left[label]--;
                }
            }
        }
    }

    /// <summary>
    /// Folds that keep groups whole: the largest group left goes to the fold with the fewest rows. Groups of equal size come in
    /// random order.
    /// </summary>
    public static int[] ByGroup(int[] groups, double[] shares, SplitRandom random)
    {
        var sizes = new Dictionary<int, int>();
        foreach (var group in groups)
        {
            sizes[group] = sizes.GetValueOrDefault(group) + 1;
        }

        var keys = sizes.Keys.ToArray();
        Array.Sort(keys);
        random.Shuffle(keys.AsSpan());
        var ordered = keys.OrderByDescending(key => sizes[key]).ToArray();
        var wanted = Array.ConvertAll(shares, share => share * groups.Length);
        var foldOf = new Dictionary<int, int>();
        foreach (var key in ordered)
        {
            var best = 0;
            for (var fold = 1; fold < wanted.Length; fold++)
            {
                best = wanted[fold] > wanted[best] ? fold : best;
            }

            foldOf[key] = best;
            wanted[best] -= sizes[key];
        }

        return Array.ConvertAll(groups, group => foldOf[group]);
    }

    /// <summary>Rows class by class, in random order within a class.</summary>
    public static int[] OrderedByClass(int[] labels, int classes, SplitRandom random)
    {
        var starts = new int[classes + 1];
        foreach (var label in labels)
        {
            starts[label + 1]++;
        }

        for (var label = 0; label < classes; label++)
        {
            starts[label + 1] += starts[label];
        }

        var order = new int[labels.Length];
        foreach (var row in random.Permutation(labels.Length))
        {
            order[starts[labels[row]]++] = row;
        }

        return order;
    }

    /// <summary>Rows by ascending value, equal values in random order.</summary>
    public static int[] OrderedByValue(double[] values, SplitRandom random)
    {
        var order = random.Permutation(values.Length);
        var place = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }

        Array.Sort(order, (a, b) =>
        {
            var compared = values[a].CompareTo(values[b]);
            return compared != 0 ? compared : place[a].CompareTo(place[b]);
        });
        return order;
    }
}
