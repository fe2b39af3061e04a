package io.portcurfew.cli;

import io.portcurfew.baseline.LearnedBaseline;
import io.portcurfew.baseline.LearnedPolicyText;
import io.portcurfew.baseline.Learning;
import io.portcurfew.baseline.LearningInput;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.policy.LearnedFile;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.policy.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code baseline learn}: writes the policy of what listens now, to be reviewed. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the rules that allow what listens now, to be reviewed and included by a policy.",
      "What the present policy calls a finding is not approved; what another rule of it lets",
      "listen is left to that rule. Rules of an earlier baseline that still fit stay as they are."
    },
    footer = {
      "",
      "Exit status: 0 learnt; 2 wrong usage, or the file cannot be written; 3 nothing was learnt,",
      "since not all was seen; 78 config or policy is wrong; 70 our own bug."
    })
final class BaselineLearnCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Writes this file instead of to standard output, and keeps what still fits of the"
              + " baseline that it holds. Another file is not replaced.")
  private @Nullable Path out;

  @Option(names = "--force", description = "Replaces whatever file --out names.")
  private boolean force;

  @Option(
      names = "--with-gaps",
      description = "Learns although not all was seen; what was not stands in the file.")
  private boolean withGaps;

  @Option(
      names = "--unlisted",
      description = "Learns too what no rule names and the default of the present policy denies.")
  private boolean unlisted;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.load(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try {
      BaselineFile file = out == null ? null : new BaselineFile(out);
      if (file != null && !force && !file.mayBeReplaced()) {
        err.println("portcurfew: " + out + " is no learnt baseline; --force replaces it");
        return Exit.USAGE;
      }
      Optional<LearningInput> present = present(loaded.get(), file);
      return present.isEmpty() ? Exit.CONFIG : write(learn(loaded.get(), present.get()), file);
    } catch (IOException e) {
      err.println("portcurfew: cannot write " + out + ": " + e);
      return Exit.USAGE;
    }
  }

  private Optional<LearningInput> present(LoadedConfig loaded, @Nullable BaselineFile file)
      throws IOException {
    List<Rule> learnt = loaded.origin().learned();
    if (file == null || !file.isLearnt()) {
      return Optional.of(new LearningInput(loaded.policy(), learnt));
    }
    ReadResult<List<Rule>> read = LearnedFile.read(file.path());
    return FileOptions.good(read, spec.commandLine().getErr())
        .map(earlier -> new LearningInput(loaded.policy(), learnt, earlier));
  }

  private LearnedBaseline learn(LoadedConfig loaded, LearningInput present)
      throws InterruptedException {
    try (Host host = HostFactory.open(loaded.config().sweep())) {
      LiveScan seen = LiveScan.on(host, loaded.policy(), Clock.systemUTC());
      Judgement judgement = Judge.judge(loaded.policy(), seen.snapshot(), seen.compared());
      return Learning.of(present, seen.snapshot(), judgement, unlisted);
    }
  }

  private int write(LearnedBaseline learnt, @Nullable BaselineFile file) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    learnt.gaps().forEach(gap -> err.println("not seen: " + gap));
    byte[] text = LearnedPolicyText.of(learnt).getBytes(StandardCharsets.UTF_8);
    String hindrance = hindrance(learnt, text);
    if (hindrance != null) {
      err.println("portcurfew: nothing was learnt: " + hindrance);
      return Exit.INCOMPLETE;
    }
    if (file != null) {
      file.write(text);
    } else {
      // As bytes: a policy is UTF-8, whatever the locale says.
      System.out.write(text);
      System.out.flush();
    }
    err.println(sum(learnt));
    return Exit.COMPLIANT;
  }

  private @Nullable String hindrance(LearnedBaseline learnt, byte[] text) {
    if (!learnt.gaps().isEmpty() && !withGaps) {
      return "not all was seen (--with-gaps learns what was)";
    }
    return text.length > LearnedFile.MOST
        ? "the rules of "
            + learnt.rules().size()
            + " endpoints are more than a policy file can hold, "
            + LearnedFile.MOST / 1024
            + " KiB"
        : null;
  }

  private static String sum(LearnedBaseline learnt) {
    int all = learnt.rules().size();
    return "rules: "
        + all
        + " ("
        + (all - learnt.kept())
        + " new); listeners not approved: "
        + learnt.notApproved().size()
        + ", left to other rules: "
        + learnt.decided().size()
        + "; UDP clients left out: "
        + learnt.clients();
  }
}
