package watch

import (
	"errors"
	"fmt"
	"syscall"
)

// isLimit reports whether the system has no more watches to give.
func isLimit(err error) bool {
	for _, limit := range []error{syscall.ENOSPC, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM} {
		if errors.Is(err, limit) {
			return true
		}
	}
	return false
}

// limitText says why there is polling, and what helps.
func limitText(err error) string {
	const instead = "statt dessen wird regelmäßig nachgesehen."
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "Das System überwacht keine weiteren Ordner (inotify-Grenze); " + instead + " Abhilfe unter Linux: sudo sysctl fs.inotify.max_user_watches=524288"
	case isLimit(err):
		return "Das System gibt keine weitere Überwachung her (inotify-Instanzen oder offene Dateien); " + instead + " Abhilfe unter Linux: sudo sysctl fs.inotify.max_user_instances=1024"
	}
	return fmt.Sprintf("Das System kann Ordner nicht überwachen (%v); %s", err, instead)
}
