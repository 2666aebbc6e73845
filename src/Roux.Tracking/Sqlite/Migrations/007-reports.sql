-- Reports: notes with charts and tables, each version of them kept; views of the table of runs that somebody named; settings of the server;
-- users and webhooks that are off for now.

CREATE TABLE reports (
  id         INTEGER PRIMARY KEY,
  report_id  TEXT NOT NULL UNIQUE,
  project    TEXT NOT NULL,
  title      TEXT NOT NULL,
  version    INTEGER NOT NULL,          -- the latest of report_versions
  created    INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated    INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  deleted    INTEGER,
  link       TEXT UNIQUE,               -- SHA-256 of the secret of its public link
  linked     INTEGER,
  linked_by  TEXT
);

CREATE TABLE report_versions (
  report   INTEGER NOT NULL REFERENCES reports(id),
  version  INTEGER NOT NULL,
  title    TEXT NOT NULL,
  content  TEXT NOT NULL,               -- JSON: the blocks
  saved    INTEGER NOT NULL,
  saved_by TEXT NOT NULL,
  PRIMARY KEY (report, version)
) WITHOUT ROWID;

CREATE TABLE saved_views (
  id         INTEGER PRIMARY KEY,
  view_id    TEXT NOT NULL UNIQUE,
  project    TEXT NOT NULL,
  experiment INTEGER REFERENCES experiments(id),
  name       TEXT NOT NULL,
  query      TEXT NOT NULL,             -- of the page's address
  owner      TEXT NOT NULL,
  is_shared  INTEGER NOT NULL,
  is_default INTEGER NOT NULL,          -- what the experiment opens with
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL
);
CREATE INDEX saved_views_by_experiment ON saved_views (experiment);

CREATE TABLE server_settings (
  name    TEXT PRIMARY KEY,
  value   TEXT NOT NULL,
  changed INTEGER NOT NULL,
  actor   TEXT NOT NULL
) WITHOUT ROWID;

ALTER TABLE users ADD COLUMN disabled INTEGER;      -- when; nobody logs in as one
ALTER TABLE webhooks ADD COLUMN disabled INTEGER;   -- when; what waits for it is sent once it is on again
