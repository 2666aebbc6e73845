-- Removal of runs: whose files are still to go, and indexes by which it finds what hangs on a run or a model.

CREATE TABLE removed_artifacts (
  owner   text PRIMARY KEY,             -- of artifacts, as Artifacts/ArtifactStore.cs says; its rows are gone already
  removed bigint NOT NULL
);
CREATE INDEX logged_model_metrics_by_run ON logged_model_metrics (run);
CREATE INDEX run_models_by_model ON run_models (model);
