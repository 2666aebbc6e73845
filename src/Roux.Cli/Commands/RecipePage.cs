using System.Globalization;
using Roux.Cli.Printing;
using Roux.Debugging.Recipe;

namespace Roux.Cli.Commands;

/// <summary>The steps of the recipe, for a person at a terminal.</summary>
internal static class RecipePage
{
    public static void Write(Page page, IReadOnlyList<RecipeStep> steps)
    {
        foreach (var step in steps)
        {
            var mark = step.Outcome switch { StepOutcome.Passed => "pass", StepOutcome.Failed => "FAIL", StepOutcome.Skipped => "skip", _ => "-" };
            page.Line(string.Create(CultureInfo.InvariantCulture, $"{step.Number,2}. {mark,-4}  {step.Name}: {step.Question}"));
            if (step.Proof.Length > 0)
            {
                page.Paragraph(step.Proof, 10);
            }
        }

        if (steps.Count > 0)
        {
            page.Line();
        }
    }
}
