package io.portcurfew.cli;

import io.portcurfew.cli.json.DiagnosisJson;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.cli.options.ProgressLine;
import io.portcurfew.cli.options.TerminalWidth;
import io.portcurfew.cli.options.WebConfigOption;
import io.portcurfew.cli.text.DiagnosisTable;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.doctor.Diagnosis;
import io.portcurfew.doctor.Doctor;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: prints the limits of the agent on this host and their remedies. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks what the agent can see on this host, and prints every limit and its remedy.",
      "The result depends on the user: run it as the user of the agent."
    },
    footer = {
      "",
      "Exit status: 0 if the agent sees everything and nothing is broken; 2 for wrong usage; 3 if"
          + " it does not see everything or something is broken; "
          + Exit.COMMON
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private WebConfigOption web;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> loaded = web.load(files, spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open()) {
      Diagnosis diagnosis = examine(host, loaded.get());
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? DiagnosisJson.render(diagnosis)
              : new DiagnosisTable(diagnosis, TerminalWidth.of(spec)).render());
      out.flush();
      return Exit.of(diagnosis);
    }
  }

  private Diagnosis examine(Host host, LoadedConfig loaded) throws InterruptedException {
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("checking what this user can see");
      return Doctor.examine(host, loaded, files.configSource(), Clock.systemUTC().instant());
    }
  }
}
