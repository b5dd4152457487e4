-- +goose Up

-- One row per capture that a web archive's answers make up: a memento, or what
-- it answered when it was asked to capture a source. Rows are written once and
-- never changed.
CREATE TABLE mementos (
    capture BYTEA NOT NULL PRIMARY KEY,
    key     TEXT  NOT NULL, -- of the source
    record  TEXT  NOT NULL  -- JSON of archive.Imported
);
CREATE INDEX mementos_key ON mementos (key);
