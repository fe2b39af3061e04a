package io.portcurfew.cli;

import io.portcurfew.baseline.LearnedBaseline;
import io.portcurfew.baseline.LearnedPolicyText;
import io.portcurfew.baseline.Learning;
import io.portcurfew.baseline.LearningInput;
import io.portcurfew.baseline.LearningPeriod;
import io.portcurfew.baseline.SettledListeners;
import io.portcurfew.cli.options.DatabaseError;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.LiveScan;
import io.portcurfew.cli.options.ProgressLine;
import io.portcurfew.cli.options.SinceOption;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.LearnedFile;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Rule;
import io.portcurfew.store.History;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code baseline learn}: writes rules that allow the current listeners, for review. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    description = {
      "Writes rules that allow the current listeners. Review them and include them in a policy.",
      "Listeners with a finding of the current policy are not approved. Listeners that another"
          + " rule allows are left to that rule. Rules of the previous baseline that still match"
          + " stay unchanged."
    },
    footer = {
      "",
      "Exit status: 0 if the baseline is written; 2 for wrong usage or a file that cannot be"
          + " written; 3 if nothing is learned because the scan was incomplete; "
          + Exit.COMMON
    })
final class BaselineLearnCommand implements Callable<Integer> {

  /** Further looks for owners that one look did not find. */
  private static final int MOST_LOOKS = 3;

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Writes to this file instead of standard output and keeps the rules of its baseline"
              + " that still match. Any other file is not overwritten.")
  private @Nullable Path out;

  @Option(names = "--force", description = "Overwrites any file that --out names.")
  private boolean force;

  @Option(
      names = "--with-gaps",
      description = "Learns from an incomplete scan; the file lists the gaps.")
  private boolean withGaps;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = SinceOption.ToDuration.class,
      description =
          "Also learns the listeners and owners that the history of the agent has from this time"
              + " until now, like 7d. Each new rule says how often its listeners were open; what was"
              + " open on one day alone is marked REVIEW.")
  private @Nullable Duration past;

  @Option(
      names = "--unlisted",
      description = "Also learns listeners that no rule selects and the policy's default denies.")
  private boolean unlisted;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.loadForThisHost(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try {
      BaselineFile file = out == null ? null : new BaselineFile(out);
      if (file != null && !force && !file.mayBeReplaced()) {
        err.println(
            "portcurfew: " + out + " is not a generated baseline; use --force to overwrite it");
        return Exit.USAGE;
      }
      LearningPeriod period = past == null ? LearningPeriod.NONE : period(loaded.get(), past);
      Optional<LearningInput> input = input(loaded.get(), file).map(known -> known.during(period));
      return input.isEmpty() ? Exit.CONFIG : write(learn(loaded.get(), input.get()), file);
    } catch (History.Unreadable e) {
      return DatabaseError.print(e, err);
    } catch (IOException e) {
      err.println("portcurfew: cannot write " + out + ": " + FileErrorText.reason(e));
      return Exit.USAGE;
    }
  }

  private Optional<LearningInput> input(LoadedConfig loaded, @Nullable BaselineFile file)
      throws IOException {
    List<Rule> learned = loaded.origin().learned();
    if (file == null || !file.isLearned()) {
      return Optional.of(new LearningInput(loaded.policy(), learned));
    }
    ReadResult<List<Rule>> read = LearnedFile.read(file.path());
    return FileOptions.good(read, spec.commandLine().getErr())
        .map(previous -> new LearningInput(loaded.policy(), learned, previous));
  }

  private LearnedBaseline learn(LoadedConfig loaded, LearningInput input)
      throws InterruptedException {
    try (Host host = HostFactory.open(loaded.config().sweep())) {
      LiveScan scan = LiveScan.on(host, loaded.policy(), Clock.systemUTC(), spec);
      Snapshot snapshot = input.period().addTo(settled(host, scan.snapshot()));
      Judgement judgement = Judge.judge(loaded.policy(), snapshot, scan.crossCheck());
      return Learning.of(input, snapshot, judgement, unlisted);
    }
  }

  /** A socket that closes during a look has no owner in it, which would stop the learning. */
  private Snapshot settled(Host host, Snapshot snapshot) throws InterruptedException {
    Snapshot settled = snapshot;
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("observing again, because sockets closed during the scan");
      for (int look = 0; look < MOST_LOOKS && SettledListeners.wantsAnotherLook(settled); look++) {
        settled = SettledListeners.of(settled, host.lookWithAll(Clock.systemUTC().instant()));
      }
    }
    return settled;
  }

  /** The whole history is read, because its beginning shows if it covers the period. */
  private static LearningPeriod period(LoadedConfig loaded, Duration past)
      throws History.Unreadable {
    try (History history = History.in(loaded.config().state())) {
      Instant now = Clock.systemUTC().instant();
      List<LearningPeriod.PastListener> listeners =
          history.listeners(Instant.EPOCH).stream()
              .filter(one -> one.place() instanceof Endpoint)
              .map(
                  one ->
                      new LearningPeriod.PastListener(
                          (Endpoint) one.place(), one.owners(), one.first(), one.last()))
              .toList();
      return LearningPeriod.of(listeners, now.minus(past), now);
    }
  }

  private int write(LearnedBaseline baseline, @Nullable BaselineFile file) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    baseline.gaps().forEach(gap -> err.println("not seen: " + gap));
    byte[] text = LearnedPolicyText.of(baseline).getBytes(StandardCharsets.UTF_8);
    String obstacle = obstacle(baseline, text);
    if (obstacle != null) {
      err.println("portcurfew: nothing was learned: " + obstacle);
      return Exit.INCOMPLETE;
    }
    if (file != null) {
      file.write(text);
    } else {
      // As bytes, because a policy is UTF-8 in every locale.
      System.out.write(text);
      System.out.flush();
    }
    err.println(summary(baseline));
    return Exit.OK;
  }

  private @Nullable String obstacle(LearnedBaseline baseline, byte[] text) {
    if (!baseline.gaps().isEmpty() && !withGaps) {
      return "the scan was incomplete (use --with-gaps to learn anyway)";
    }
    return text.length > LearnedFile.MOST
        ? "the rules of "
            + baseline.rules().size()
            + " endpoints exceed the largest policy file of "
            + LearnedFile.MOST / 1024
            + " KiB"
        : null;
  }

  private static String summary(LearnedBaseline baseline) {
    int all = baseline.rules().size();
    return "rules: "
        + all
        + " ("
        + (all - baseline.kept())
        + " new); listeners not approved: "
        + baseline.notApproved().size()
        + ", left to other rules: "
        + baseline.decided().size()
        + "; UDP clients left out: "
        + baseline.clients();
  }
}
