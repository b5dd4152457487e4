-- The types are those that SQLite and PostgreSQL both take: BYTEA holds a
-- digest of 32 bytes, BIGINT a count or microseconds since 1970 UTC with 0 for
-- "never", TEXT without a value is ''. No column is NULL.

-- +goose Up

-- One row per content that was read under one path.
CREATE TABLE reports (
    id         BIGINT NOT NULL PRIMARY KEY, -- of this file only, means nothing elsewhere
    path       TEXT   NOT NULL,
    sha256     BYTEA  NOT NULL,
    seen_at    BIGINT NOT NULL, -- the greatest of a path marks its current version
    title      TEXT   NOT NULL,
    format     TEXT   NOT NULL,
    object     TEXT   NOT NULL, -- key in the archive
    citations  BYTEA  NOT NULL, -- digest over the citations: equal ones are not written again
    UNIQUE (path, sha256)
);
CREATE INDEX reports_sha256 ON reports (sha256);

CREATE TABLE citations (
    report   BIGINT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    position BIGINT NOT NULL, -- in the report, from 0
    id       TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    key      TEXT   NOT NULL,
    url      TEXT   NOT NULL,
    raw      TEXT   NOT NULL,
    line     BIGINT NOT NULL,
    col      BIGINT NOT NULL,
    defanged BIGINT NOT NULL, -- 0 or 1
    invalid  TEXT   NOT NULL,
    claim    TEXT   NOT NULL,
    PRIMARY KEY (report, position)
);

-- One row per visit. Rows are written once and never changed.
CREATE TABLE captures (
    sha256         BYTEA  NOT NULL PRIMARY KEY,
    size           BIGINT NOT NULL,
    key            TEXT   NOT NULL,
    url            TEXT   NOT NULL, -- '=': key
    checked_at     BIGINT NOT NULL,
    grade          BIGINT NOT NULL, -- 2: the content was there; 1: what stands before a wall; 0: neither; imported: -2 with the content, -1 without
    content        TEXT   NOT NULL, -- of a revisit: the record that holds the bytes,
    content_url    TEXT   NOT NULL, -- and its URL, '=': final_url
    verdict        TEXT   NOT NULL,
    state          TEXT   NOT NULL,
    reasons        TEXT   NOT NULL, -- JSON list, '' when empty
    http_status    BIGINT NOT NULL,
    final_url      TEXT   NOT NULL, -- '=': the visited URL
    redirects      TEXT   NOT NULL, -- JSON list, '' when empty
    title          TEXT   NOT NULL,
    media_type     TEXT   NOT NULL,
    payload_sha256 BYTEA  NOT NULL,
    payload_size   BIGINT NOT NULL,
    text_sha256    BYTEA  NOT NULL,
    unchanged      BIGINT NOT NULL  -- 0 or 1
);
-- One index answers for the newest visit, with a look at each grade, and for the
-- newest content. A second one would cost every visit a tenth more.
CREATE INDEX captures_key ON captures (key, grade, checked_at, sha256);

-- One row per response record that a later visit can refer to. Rows are written
-- once and never changed. There is no index on record: whoever knows a record
-- knows its URL.
CREATE TABLE records (
    record        TEXT   NOT NULL, -- WARC-Record-ID without <>
    capture       BYTEA  NOT NULL,
    url           TEXT   NOT NULL,
    date          BIGINT NOT NULL,
    payload       BYTEA  NOT NULL,
    etag          TEXT   NOT NULL,
    last_modified TEXT   NOT NULL,
    chain         BYTEA  NOT NULL  -- digests of the certificates, one after the other
);
CREATE INDEX records_url ON records (url, date, record, capture);

-- What the revisits of a record have said since, merged: of each value the
-- latest, so that the order of arrival does not matter. The row may come before
-- that of the record.
CREATE TABLE revisits (
    record        TEXT   NOT NULL PRIMARY KEY,
    verified_at   BIGINT NOT NULL, -- 0: only said to be unchanged
    etag_at       BIGINT NOT NULL, -- 0: etag was not said
    etag          TEXT   NOT NULL,
    modified_at   BIGINT NOT NULL, -- 0: last_modified was not said
    last_modified TEXT   NOT NULL
);

-- Local state, not rebuilt from the archive.

CREATE TABLE runs (
    id         TEXT   NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    host       TEXT   NOT NULL,
    process    BIGINT NOT NULL
);

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
