package io.portcurfew.cli;

/** The form in which a command prints its result. */
enum OutputFormat {
  table,
  json
}
