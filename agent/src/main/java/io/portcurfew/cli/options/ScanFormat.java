package io.portcurfew.cli.options;

/** The form in which {@code scan} prints its result. */
public enum ScanFormat {
  table,
  json,
  csv,
  prometheus
}
