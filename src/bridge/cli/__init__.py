"""The command line: options in, one operation, a report, an exit code. No decisions here."""
