"""What several commands share: settings, options, exit codes, and how things are said."""
