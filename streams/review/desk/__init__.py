"""The review desk: held copies shown in the browser of one person on this machine, who decides there."""
