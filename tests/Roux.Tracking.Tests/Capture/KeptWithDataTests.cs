using Roux.Tracking.Capture;
using Roux.Tracking.Notebooks;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

/// <summary>What capture keeps for the pages of data and code: profiles of inputs, and the notebook as the commit has it.</summary>
public class KeptWithDataTests
{
    [Fact]
    public void An_input_is_kept_with_the_profile_that_is_made_of_it_once()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("films.csv", "a,b\n1,2\n");
        using var tracker = Tracker.Open(folder.At("store"));
        var made = 0;
        for (var i = 0; i < 2; i++)
        {
            using var run = tracker.Experiment("e").StartRun("r" + i);
            using (RunCapture.Begin(run, new CaptureOptions { Inputs = [path], Git = false, Environment = false, Resources = false, Output = false, Command = ["x"], Profile = (_, _) => $$"""{"made": {{++made}}}""" }))
            {
            }

            run.Finish();
            tracker.GetRun(run.Id).Datasets.ShouldHaveSingleItem().Dataset.Profile.ShouldBe("""{"made": 1}""");
        }
    }

    [Fact]
    public void A_notebook_that_was_changed_is_kept_as_the_commit_has_it_without_results()
    {
        using var repository = new GitRepository();
        repository.Write("films.ipynb", Text("a = 1", "old result"));
        repository.Commit();
        var path = repository.Write("films.ipynb", Text("a = 2", "new result"));
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun("r");
        using (RunCapture.Begin(run, new CaptureOptions { Command = ["papermill", path, "out.ipynb"], WorkingDirectory = repository.Path, Resources = false, Output = false }))
        {
        }

        run.Finish();
        var committed = File.ReadAllText(tracker.ArtifactFile(run.Id, "notebook/films.committed.ipynb"));
        committed.ShouldNotContain("old result");
        Notebook.Parse(System.Text.Encoding.UTF8.GetBytes(committed), "committed").Cells.ShouldHaveSingleItem().Source.ShouldBe("a = 1");
        File.ReadAllText(tracker.ArtifactFile(run.Id, "notebook/films.ipynb")).ShouldContain("a = 2");
    }

    private static string Text(string source, string result) =>
        $$"""{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "c1", "metadata": {}, "execution_count": 1, "source": "{{source}}", "outputs": [{"output_type": "stream", "name": "stdout", "text": "{{result}}"}]}]}""";
}
