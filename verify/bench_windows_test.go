package verify

import (
	"testing"
	"time"
)

// processTime is not measured here.
func processTime(*testing.B) time.Duration { return 0 }
