package io.portcurfew.cli;

import picocli.CommandLine.Option;

/** The option that says in which form a result is printed. */
final class OutputOption {

  @Option(
      names = "--output",
      paramLabel = "FORM",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private OutputFormat form;

  OutputFormat form() {
    return form;
  }
}
