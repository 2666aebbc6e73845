using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>A finding that the profile of the table makes anyway, taken over with a plot of its figures.</summary>
/// <param name="name">Name of the finding in <see cref="Roux.Learning.Data.DataProfile.Findings"/>.</param>
/// <param name="definition">When it is made.</param>
internal sealed class ProfileRule(string name, string definition) : Check<TableSubject>
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Definition => definition;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var finding in subject.Profile.Findings.Where(finding => finding.Check == name))
        {
            var bars = (finding.Evidence ?? []).Where(pair => pair.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
                .Select(pair => (pair.Key, Value: pair.Value!.AsValue().TryGetValue<double>(out var number) ? number : pair.Value.GetValue<int>())).ToArray();
            var evidence = finding.Evidence?.DeepClone().AsObject() ?? [];
            yield return finding with { Evidence = bars.Length == 0 || evidence.ContainsKey(EvidencePlot.Key) ? evidence : evidence.WithBars(name.Replace('-', ' '), "value", bars) };
        }
    }
}
