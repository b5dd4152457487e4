package dir

import "time"

// processTime is not measured.
func processTime() time.Duration { return 0 }
