"""What an auditor or a privacy officer is handed: one archive that says what was released, how, and with what proof."""
