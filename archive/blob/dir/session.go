package dir

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

const (
	tmp        = "tmp"       // below the root; blob.ValidKey keeps objects out of it
	placeLock  = "tmp/.lock" // held while a name is given on file systems without links
	lockSuffix = ".lock"
)

// A session is the scratch space of one Store: a directory tmp/<id> and a file
// tmp/<id>.lock that stays locked as long as the Store lives. The directory is
// created after the lock is held and removed before it is let go, so one
// without a held lock is a dead one's. Ids are random and never used again.
type session struct {
	dir      string
	lockName string
	lock     *os.File
}

// sessionTries is how often a new session is begun anew because the sweep of a
// Store that is being opened, too, has found its lock before it was locked.
const sessionTries = 20

var errSwept = errors.New("the lock of a new session is held by another process")

func newSession(root *os.Root) (s *session, err error) {
	for range sessionTries {
		if s, err = trySession(root); !errors.Is(err, errSwept) {
			break
		}
	}
	return s, err
}

func trySession(root *os.Root) (*session, error) {
	var id [8]byte
	rand.Read(id[:])
	s := &session{dir: path.Join(tmp, hex.EncodeToString(id[:]))}
	s.lockName = s.dir + lockSuffix
	lock, err := root.OpenFile(s.lockName, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	s.lock = lock
	ok, err := tryLock(lock)
	if err == nil && !ok {
		lock.Close() // who holds it removes it
		return nil, fmt.Errorf("lock %s: %w", s.lockName, errSwept)
	}
	if err != nil {
		lock.Close()
		return nil, errors.Join(fmt.Errorf("lock %s (the file system must have advisory locks): %w", s.lockName, err), root.Remove(s.lockName))
	}
	// A sweep that ran between the creation and the lock has removed the file;
	// then the lock would protect nothing.
	if !same(root, s.lockName, lock) {
		lock.Close()
		return nil, fmt.Errorf("lock %s: %w", s.lockName, errSwept)
	}
	if err := root.Mkdir(s.dir, 0o700); err != nil {
		lock.Close()
		return nil, err
	}
	return s, nil
}

func (s *session) end(root *os.Root) error {
	return errors.Join(discard(root, s.dir, s.lockName), s.lock.Close())
}

// discard removes a session whose lock is held by the caller.
func discard(root *os.Root, dir, lockName string) error {
	if err := root.RemoveAll(dir); err != nil {
		return err
	}
	if err := root.Remove(lockName); err != nil && !errors.Is(err, fs.ErrNotExist) && !busy(err) {
		return err
	}
	return nil
}

// sweep removes the sessions of stores that don't live any more.
func sweep(root *os.Root) error {
	d, err := root.Open(tmp)
	if err != nil {
		return err
	}
	defer d.Close()
	names, err := d.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, ".") {
			continue
		}
		if err := sweepOne(root, path.Join(tmp, strings.TrimSuffix(name, lockSuffix))); err != nil {
			return err
		}
	}
	return nil
}

func sweepOne(root *os.Root, dir string) error {
	lock, err := root.OpenFile(dir+lockSuffix, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		// The lock is older than its directory and outlives it.
		return root.RemoveAll(dir)
	}
	if err != nil {
		if errors.Is(err, fs.ErrPermission) || busy(err) {
			return nil // another user's, or going away right now: not provably dead
		}
		return err
	}
	defer lock.Close()
	if ok, err := tryLock(lock); err != nil || !ok {
		return nil // alive, or nobody can tell
	}
	return discard(root, dir, dir+lockSuffix)
}

// same reports whether name still leads to the open file f.
func same(root *os.Root, name string, f *os.File) bool {
	a, err := root.Lstat(name)
	if err != nil {
		return false
	}
	b, err := f.Stat()
	return err == nil && os.SameFile(a, b)
}
