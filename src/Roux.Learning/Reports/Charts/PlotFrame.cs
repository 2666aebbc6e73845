namespace Roux.Learning.Reports.Charts;

/// <summary>The paper of a plot: axes with ticks, titles, a caption. Colours come from the page's style sheet, so that a plot follows light, dark and print.</summary>
internal sealed class PlotFrame
{
    private const double Width = 360;
    private const double Height = 292;
    private const double Right = 346;
    private const double Top = 12;
    private const double Bottom = 242;

    private readonly string title;
    private readonly string summary;
    private readonly List<Markup> marks = [];
    private readonly List<Markup> legend = [];
    private readonly string xTitle;
    private readonly string yTitle;

    /// <param name="title">What the plot shows: its caption.</param>
    /// <param name="summary">What is to be seen in it, in words, for who cannot see it.</param>
    /// <param name="xTitle">Name of the horizontal axis.</param>
    /// <param name="yTitle">Name of the vertical axis.</param>
    /// <param name="x">Values along it.</param>
    /// <param name="y">Values along it.</param>
    /// <param name="air">Share of the range left free at both ends.</param>
    /// <param name="ratios">Whether equal ratios take equal space along the horizontal axis.</param>
    public PlotFrame(string title, string summary, string xTitle, string yTitle, IEnumerable<double> x, IEnumerable<double> y, double air = 0.04, bool ratios = false)
    {
        (this.title, this.summary, this.xTitle, this.yTitle) = (title, summary, xTitle, yTitle);
        Y = Axis.Over(y, Bottom, Top, air);
        var yTicks = Y.Ticks();

        // The labels of the vertical axis need the room that their text takes.
        var left = 30 + 7.2 * yTicks.Select(tick => Axis.Label(tick, yTicks).Length).DefaultIfEmpty(1).Max();
        X = ratios ? Axis.OverRatios(x, Math.Min(left, 120), Right, air) : Axis.Over(x, Math.Min(left, 120), Right, air);
    }

    /// <summary>The horizontal axis.</summary>
    public Axis X { get; }

    /// <summary>The vertical axis.</summary>
    public Axis Y { get; }

    /// <summary>Adds a drawn mark.</summary>
    public void Add(Markup mark) => marks.Add(mark);

    /// <summary>Names a kind of mark; <paramref name="style"/> is its class in the style sheet.</summary>
    public void Explain(string style, string text) => legend.Add(Markup.Of($"<li><svg class=\"key\" viewBox=\"0 0 22 10\" width=\"22\" height=\"10\" aria-hidden=\"true\">{(style.StartsWith("dot", StringComparison.Ordinal) ? Markup.Of($"<circle class=\"{style}\" cx=\"11\" cy=\"5\" r=\"3.5\"/>") : Markup.Of($"<path class=\"{style}\" d=\"M0 5H22\"/>"))}</svg> {text}</li>"));

    /// <summary>A line through points; points that are not numbers break it.</summary>
    public void Line(string style, IReadOnlyList<double> x, IReadOnlyList<double> y) => Add(Markup.Of($"<path class=\"{style}\" d=\"{Path(x, y)}\"/>"));

    /// <summary>The plot as a figure.</summary>
    public Markup Finish(string note = "") => Markup.Of($"""
        <figure class="plot"><figcaption>{title}</figcaption>
        <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}. {summary}">{Grid()}{marks}
        <text class="axis" x="{(X.From + X.To) / 2}" y="{Bottom + 40}" text-anchor="middle">{xTitle}</text>
        <text class="axis" transform="translate(13 {(Top + Bottom) / 2}) rotate(-90)" text-anchor="middle">{yTitle}</text></svg>
        {(legend.Count == 0 ? Markup.Empty : Markup.Of($"<ul class=\"legend\">{legend}</ul>"))}{(note.Length == 0 ? Markup.Empty : Markup.Of($"<p class=\"note\">{note}</p>"))}</figure>

        """);

    private Markup Grid()
    {
        var xTicks = X.Ticks(X.To - X.From < 250 ? 4 : 5);
        var yTicks = Y.Ticks();
        var lines = xTicks.Select(tick => Markup.Of($"<path class=\"grid\" d=\"M{X.At(tick)} {Top}V{Bottom}\"/><text class=\"tick\" x=\"{X.At(tick)}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{(X.Logarithmic ? Axis.RatioLabel(tick) : Axis.Label(tick, xTicks))}</text>"))
            .Concat(yTicks.Select(tick => Markup.Of($"<path class=\"grid\" d=\"M{X.From} {Y.At(tick)}H{Right}\"/><text class=\"tick\" x=\"{X.From - 7}\" y=\"{Y.At(tick) + 4}\" text-anchor=\"end\">{Axis.Label(tick, yTicks)}</text>")));
        return Markup.Of($"{lines}<path class=\"frame\" d=\"M{X.From} {Top}V{Bottom}H{Right}\"/>");
    }

    private Markup Path(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var points = new List<Markup>();
        var pen = false;
        for (var i = 0; i < x.Count; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                pen = false;
                continue;
            }

            points.Add(pen ? Markup.Of($"L{X.At(x[i])} {Y.At(y[i])}") : Markup.Of($"M{X.At(x[i])} {Y.At(y[i])}"));
            pen = true;
        }

        return Markup.Concat(points);
    }
}
