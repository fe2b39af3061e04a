package io.portcurfew.cli;

import io.portcurfew.cli.json.DiagnosisJson;
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

/** {@code doctor}: what the agent can and cannot see on this host, and what to do about it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tells what the agent can and cannot see on this host, and what to do about it.",
      "It sees what its own user may see: run it as the user that the agent runs as."
    },
    footer = {
      "",
      "Exit status: 0 all is seen and nothing is broken; 2 wrong usage; 3 not all is seen, or",
      "something is broken; 78 config or policy is wrong; 70 our own bug."
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;

  @Override
  public Integer call() throws InterruptedException {
    Optional<LoadedConfig> loaded = files.load(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (Host host = HostFactory.open()) {
      Diagnosis diagnosis =
          Doctor.examine(host, loaded.get(), files.configSource(), Clock.systemUTC().instant());
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? DiagnosisJson.render(diagnosis)
              : new DiagnosisTable(diagnosis).render());
      out.flush();
      return Exit.of(diagnosis);
    }
  }
}
