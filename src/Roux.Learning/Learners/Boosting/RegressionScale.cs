using System.Text.Json.Nodes;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// The unit that regression boosts in: answers (or their logarithms) shifted and scaled to mean 0 and standard deviation 1, so that
/// regularisation means the same for prices and for parts per million. Going back from logarithms multiplies by <paramref name="Factor"/>,
/// since the exponential of a mean logarithm underestimates the mean (Duan, Smearing Estimate, JASA 1983).
/// </summary>
/// <param name="Log">Whether logarithms are taken first.</param>
/// <param name="Offset">Weighted mean of the (logarithms of the) answers.</param>
/// <param name="Scale">Their standard deviation, above 0.</param>
/// <param name="Factor">Correction of the way back from logarithms.</param>
internal readonly record struct RegressionScale(bool Log, double Offset, double Scale, double Factor)
{
    /// <summary>Changes nothing.</summary>
    public static RegressionScale Identity { get; } = new(false, 0, 1, 1);

    /// <summary>The scale of these answers.</summary>
    /// <param name="answers">Finite.</param>
    /// <param name="weights">One per answer, or <c>null</c>.</param>
    /// <param name="log">Whether to take logarithms; passed over unless all answers are above 0.</param>
    public static RegressionScale Of(double[] answers, float[]? weights, bool log)
    {
        log &= answers.All(y => y > 0);
        double sum = 0, total = 0;
        for (var i = 0; i < answers.Length; i++)
        {
            var weight = weights?[i] ?? 1;
            sum += weight * (log ? Math.Log(answers[i]) : answers[i]);
            total += weight;
        }

        var mean = total > 0 ? sum / total : 0;
        var squares = 0.0;
        for (var i = 0; i < answers.Length; i++)
        {
            var difference = (log ? Math.Log(answers[i]) : answers[i]) - mean;
            squares += (weights?[i] ?? 1) * difference * difference;
        }

        var deviation = total > 0 ? Math.Sqrt(squares / total) : 0;
        return new RegressionScale(log, mean, deviation > 0 && double.IsFinite(deviation) ? deviation : 1, 1);
    }

    /// <summary>From an answer to the boosted unit.</summary>
    public float ToBoosted(double answer) => (float)(((Log ? Math.Log(answer) : answer) - Offset) / Scale);

    /// <summary>From the boosted unit to an answer.</summary>
    public double ToAnswer(double boosted)
    {
        var value = boosted * Scale + Offset;
        return Log ? Factor * Math.Exp(value) : value;
    }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new() { ["log"] = Log, ["offset"] = Offset, ["scale"] = Scale, ["factor"] = Factor };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It does not hold a scale.</exception>
    public static RegressionScale FromJson(JsonNode? json)
    {
        try
        {
            var scale = new RegressionScale(
                json!["log"]!.GetValue<bool>(), json["offset"]!.GetValue<double>(), json["scale"]!.GetValue<double>(), json["factor"]!.GetValue<double>());
            return double.IsFinite(scale.Offset) && double.IsFinite(scale.Scale) && scale.Scale > 0 && double.IsFinite(scale.Factor) && scale.Factor > 0
                ? scale
                : throw new FormatException("a number is out of range");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"the regression scale is damaged: {e.Message}", e);
        }
    }
}
