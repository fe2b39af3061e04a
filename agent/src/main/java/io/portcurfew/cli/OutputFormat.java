package io.portcurfew.cli;

/** The format of a command's result. */
enum OutputFormat {
  table,
  json
}
