package io.portcurfew.cli;

import picocli.CommandLine.Option;

/** The option for the format of the result. */
final class OutputOption {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "The format of the result: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private OutputFormat form;

  OutputFormat form() {
    return form;
  }
}
