using System.Globalization;

/// <summary>A generated table of 22 numbers with gaps, 8 categories and a class that follows from some of them with noise.</summary>
internal static class WideTable
{
    /// <summary>Writes so many rows as CSV, the class in <c>y</c>.</summary>
    public static void Write(string path, int rows, Random random)
    {
        using var writer = new StreamWriter(path);
        writer.WriteLine(string.Join(',', Enumerable.Range(0, 22).Select(i => $"n{i}").Concat(Enumerable.Range(0, 8).Select(i => $"c{i}")).Append("y")));
        var numbers = new double[22];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = random.NextDouble() * 2 - 1;
                if (random.Next(50) > 0)
                {
                    writer.Write(numbers[i].ToString("F5", CultureInfo.InvariantCulture));
                }

                writer.Write(',');
            }

            var score = 2 * numbers[0] + numbers[1] * numbers[2] * 3 + Math.Sin(4 * numbers[3]) + (numbers[4] > 0.3 ? 1 : 0) - numbers[5];
            for (var i = 0; i < 8; i++)
            {
                var level = random.Next(3 << i);
                score += i == 2 && level % 3 == 0 ? 0.8 : 0;
                writer.Write($"l{level},");
            }

            writer.WriteLine(score + random.NextDouble() * 2 - 1 > 0.4 ? "yes" : "no");
        }
    }
}
