package io.portcurfew.cli.options;

import picocli.CommandLine.Option;

/** The option for the format of the result. */
public final class OutputOption {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "The format of the result: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private OutputFormat form;

  /** The form that the user chose. */
  public OutputFormat form() {
    return form;
  }
}
