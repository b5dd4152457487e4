-- +goose Up

ALTER TABLE captures ADD COLUMN profile TEXT NOT NULL DEFAULT ''; -- archive.Policy.Profile

-- One row per decision of a person. Rows are written once and never changed.
CREATE TABLE decisions (
    object BYTEA NOT NULL PRIMARY KEY,
    key    TEXT  NOT NULL, -- of the source
    record TEXT  NOT NULL  -- its canonical JSON, as the archive holds it
);
CREATE INDEX decisions_key ON decisions (key);
