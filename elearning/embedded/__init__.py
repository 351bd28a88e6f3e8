"""One machine, one command: secrets, the set-up and the supervisor behind `make run`."""
