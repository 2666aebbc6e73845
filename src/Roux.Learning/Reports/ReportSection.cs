namespace Roux.Learning.Reports;

/// <summary>A part of the report.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="ShortTitle">Its name in the navigation.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Body">Its content; a section without any is left out.</param>
/// <param name="OwnTitle">Whether the body brings the heading, with the id <c>ID-title</c>.</param>
internal sealed record ReportSection(string Id, string ShortTitle, string Title, Markup Body, bool OwnTitle = false);
