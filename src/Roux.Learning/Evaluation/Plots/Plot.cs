using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>A chart and the numbers that it shows.</summary>
/// <param name="Svg">
/// One <c>svg</c> element, to be saved as a file or put into a page as it is. It has a title and a description for readers that cannot see it, follows the reader's
/// light or dark setting (a page can set <c>--plot-ink</c>, <c>--plot-muted</c>, <c>--plot-grid</c>, <c>--plot-surface</c> and <c>--plot-1</c> to <c>--plot-8</c>),
/// and shrinks with the page. All text from data is escaped.
/// </param>
/// <param name="Numbers">The same as data; values that are not finite are <c>null</c>.</param>
public sealed record Plot(string Svg, JsonObject Numbers);
