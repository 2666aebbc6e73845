-- MLflow 3's evaluation datasets: records of inputs and expectations, beside the data sets that runs read.

CREATE TABLE evaluation_datasets (
  id         INTEGER PRIMARY KEY,
  dataset_id TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  project    TEXT NOT NULL,
  schema     TEXT,                      -- JSON: names and types of what the records hold
  records    INTEGER NOT NULL DEFAULT 0,
  digest     TEXT NOT NULL,
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  created_by TEXT,
  updated_by TEXT
);
CREATE INDEX evaluation_datasets_by_name ON evaluation_datasets (name);

CREATE TABLE evaluation_dataset_tags (
  dataset INTEGER NOT NULL REFERENCES evaluation_datasets(id),
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (dataset, name)
) WITHOUT ROWID;

CREATE TABLE evaluation_dataset_experiments (
  dataset    INTEGER NOT NULL REFERENCES evaluation_datasets(id),
  experiment INTEGER NOT NULL REFERENCES experiments(id),
  PRIMARY KEY (dataset, experiment)
) WITHOUT ROWID;
CREATE INDEX evaluation_datasets_by_experiment ON evaluation_dataset_experiments (experiment);

CREATE TABLE evaluation_records (
  id           INTEGER PRIMARY KEY,
  dataset      INTEGER NOT NULL REFERENCES evaluation_datasets(id),
  record_id    TEXT NOT NULL UNIQUE,
  input_hash   TEXT NOT NULL,           -- SHA-256 of the inputs with their names in order
  inputs       TEXT NOT NULL,           -- these five are JSON
  outputs      TEXT,
  expectations TEXT,
  tags         TEXT,
  source       TEXT,
  created      INTEGER NOT NULL,
  updated      INTEGER NOT NULL,
  created_by   TEXT,
  updated_by   TEXT,
  UNIQUE (dataset, input_hash)
);
