package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // registers the driver

	"postfleet/internal/jobs"
)

const (
	databaseName = "jobs.db"

	// A claim does not ask whether the account is busy, which the ledger does:
	// what SQLite is spared is in its favour.
	schemaSQL = `CREATE TABLE jobs (
	job_id INTEGER PRIMARY KEY, account_name TEXT NOT NULL, video_path TEXT NOT NULL, caption TEXT NOT NULL,
	status TEXT NOT NULL, worker_id TEXT NOT NULL, timestamp TEXT NOT NULL, token INTEGER NOT NULL);
CREATE INDEX pending ON jobs (job_id) WHERE status = 'pending'`
	insertSQL = `INSERT INTO jobs VALUES (?, ?, ?, ?, 'pending', '', ?, 0)`
	claimSQL  = `UPDATE jobs SET status = 'claimed', worker_id = ?, timestamp = ?, token = token + 1
WHERE job_id = (SELECT job_id FROM jobs WHERE status = 'pending' ORDER BY job_id LIMIT 1)
RETURNING job_id, token, account_name, video_path, caption`
	releaseSQL = `UPDATE jobs SET status = 'pending', worker_id = '', timestamp = ?
WHERE job_id = ? AND status = 'claimed' AND token = ?`
)

// openSQL opens the database for one connection, which waits up to 20 s for
// another's transaction. A commit is flushed before it returns.
func openSQL(dir string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, databaseName)+
		"?_pragma=busy_timeout(20000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// makeDatabase is the design.prepare of both SQLite designs.
func makeDatabase(ctx context.Context, dir string, rows []jobs.PostJob) (err error) {
	db, err := openSQL(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, schemaSQL); err != nil {
		return fmt.Errorf("make database: %w", err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("fill database: %w", err)
	}
	if err := insertAll(ctx, tx, rows); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("fill database: %w", err)
	}
	return nil
}

func insertAll(ctx context.Context, tx *sql.Tx, rows []jobs.PostJob) (err error) {
	insert, err := tx.PrepareContext(ctx, insertSQL)
	if err != nil {
		return fmt.Errorf("fill database: %w", err)
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	now := stamp()
	for _, j := range rows {
		if _, err := insert.ExecContext(ctx, j.ID, j.Account, j.Video, j.Caption, now); err != nil {
			return fmt.Errorf("fill database: %w", err)
		}
	}
	return nil
}

// database is SQLite in WAL mode with synchronous=FULL; every claim and every
// release is a transaction of its own.
type database struct {
	db            *sql.DB
	take, putBack *sql.Stmt
	worker        string
	gate          *gate // nil: SQLite's own locks alone
}

func openDatabase(ctx context.Context, dir, worker string) (store, error) {
	d, err := openStatements(ctx, dir, worker)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// openGatedDatabase lets one process at a time into the database: waiting for a
// file lock wakes at once, SQLite's own waiting sleeps and asks again.
func openGatedDatabase(ctx context.Context, dir, worker string) (store, error) {
	d, err := openStatements(ctx, dir, worker)
	if err != nil {
		return nil, err
	}
	if d.gate, err = openGate(dir); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func openStatements(ctx context.Context, dir, worker string) (*database, error) {
	db, err := openSQL(dir)
	if err != nil {
		return nil, err
	}
	d := &database{db: db, worker: worker}
	if d.take, err = db.PrepareContext(ctx, claimSQL); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare claim: %w", err), db.Close())
	}
	if d.putBack, err = db.PrepareContext(ctx, releaseSQL); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare release: %w", err), db.Close())
	}
	return d, nil
}

func (d *database) claim(ctx context.Context) (held, error) {
	var h held
	err := d.gated(func() error {
		var job jobs.PostJob // read, as a worker would need it
		row := d.take.QueryRowContext(ctx, d.worker, stamp())
		return row.Scan(&h.job, &h.token, &job.Account, &job.Video, &job.Caption)
	})
	if err != nil {
		return held{}, fmt.Errorf("claim: %w", err)
	}
	return h, nil
}

func (d *database) release(ctx context.Context, h held) error {
	var rows int64
	err := d.gated(func() error {
		result, err := d.putBack.ExecContext(ctx, stamp(), h.job, h.token)
		if err != nil {
			return err
		}
		rows, err = result.RowsAffected()
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("release job %d: %w", h.job, err)
	case rows != 1:
		return fmt.Errorf("release job %d: %w", h.job, errLost)
	}
	return nil
}

func (d *database) gated(fn func() error) error {
	if d.gate == nil {
		return fn()
	}
	return d.gate.with(fn)
}

func (d *database) close() error {
	err := d.db.Close() // and its statements
	if d.gate != nil {
		err = errors.Join(err, d.gate.close())
	}
	return err
}

// stamp is a transition's timestamp as a column holds it.
func stamp() string { return time.Now().UTC().Format(time.RFC3339Nano) }
