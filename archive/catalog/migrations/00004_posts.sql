-- +goose Up

ALTER TABLE captures ADD COLUMN post TEXT NOT NULL DEFAULT ''; -- JSON of archive.Outcome.Post, '' for none
