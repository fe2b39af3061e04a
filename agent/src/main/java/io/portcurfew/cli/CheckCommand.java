package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.WebConfigOption;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.WebExposure;
import io.portcurfew.config.policy.ProofPlatform;
import io.portcurfew.config.yaml.Warning;
import io.portcurfew.policy.ExecutableLinks;
import io.portcurfew.policy.Policy;
import io.portcurfew.text.CountedNoun;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check}: reads both files and prints every problem and warning. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Reads the config and the policy and prints every problem. Warns of rules that are"
            + " probably mistakes.",
    footer = {
      "",
      "Exit status: 0 if both files are valid, also with warnings; 78 if there are problems."
    })
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private WebConfigOption web;

  @Override
  public Integer call() {
    Optional<LoadedConfig> loaded = web.load(files, spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Warning> warnings =
        loaded
            .get()
            .origin()
            .warnings(Policy.day(Clock.systemUTC().instant()), ProofPlatform.ofThisHost());
    warnings.forEach(out::println);
    links(loaded.get().links()).forEach(out::println);
    int rules = loaded.get().policy().rules().size();
    int receivers = loaded.get().config().receivers().size();
    out.println(
        "policy "
            + loaded.get().policySource()
            + ": "
            + CountedNoun.of(rules, "rule")
            + ", no problem"
            + counted(warnings.size()));
    List<String> risks = new ArrayList<>(webRisks(loaded.get()));
    String bundle = loaded.get().bundleProblem();
    if (bundle != null) {
      risks.add(bundle + "; until then this policy is active");
    }
    risks.forEach(risk -> out.println("config: warning: " + risk + "."));
    out.println(
        "config: "
            + CountedNoun.of(receivers, "receiver")
            + ", no problem"
            + counted(risks.size()));
    out.flush();
    return Exit.OK;
  }

  /** The links of this host, which are no mistakes of the policy. */
  private static List<String> links(ExecutableLinks links) {
    List<String> lines = new ArrayList<>();
    links
        .targets()
        .forEach(
            (path, target) ->
                lines.add(
                    "executable "
                        + path
                        + ": a link on this host; accepted is the file behind it, "
                        + target));
    links
        .ofOthers()
        .forEach(
            path ->
                lines.add(
                    "executable "
                        + path
                        + ": a link on this host that others than root can change, so it is not"
                        + " followed and the term never holds; name the file behind it"));
    return lines;
  }

  private static List<String> webRisks(LoadedConfig loaded) {
    return WebExposure.risks(loaded.config().web(), loaded.access(), Clock.systemUTC().instant());
  }

  private static String counted(int warnings) {
    return warnings == 0 ? "" : ", " + CountedNoun.of(warnings, "warning");
  }
}
