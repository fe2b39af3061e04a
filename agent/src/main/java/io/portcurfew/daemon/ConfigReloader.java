package io.portcurfew.daemon;

import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policy.ExecutableLinks;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.ExecutablePaths;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.ReloadRequests;
import io.portcurfew.text.CountedNoun;
import io.portcurfew.text.ShortList;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files again when they have changed or somebody requests it. All files are read before
 * anything changes; invalid files change nothing and become a finding. So does a change that a part
 * of the agent fails to use: the parts go back to the previous config, and it is tried again.
 */
final class ConfigReloader {

  /** More problems than these are only counted. */
  private static final int MOST_PROBLEMS = 100;

  /** The pause after a change that a part of the agent failed to use. */
  static final Duration RETRY_AFTER = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);

  private final Supplier<LoadAttempt> files;
  private final ChangeDetector changes;
  private final ReloadRequests requests;
  private final Scan scan;
  private final List<Consumer<ConfigChange>> parts;
  private final BiConsumer<String, Map<String, ?>> auditLog;
  private final Ticker ticker;
  private final AtomicBoolean requested = new AtomicBoolean();
  private ExecutableLinks tried = ExecutableLinks.NONE;
  private @Nullable Duration retryAt;

  /**
   * @param files reads the files
   * @param read the state of the files when they were read for the start
   * @param scan knows the active config and the last verdicts
   * @param parts are given each change, in this order
   * @param auditLog takes an entry for each reload
   */
  ConfigReloader(
      Supplier<LoadAttempt> files,
      FileStamps read,
      Scan scan,
      List<Consumer<ConfigChange>> parts,
      BiConsumer<String, Map<String, ?>> auditLog,
      Ticker ticker) {
    this.files = files;
    this.changes = new ChangeDetector(read);
    this.requests = new ReloadRequests(scan.active().config().state());
    this.scan = scan;
    this.parts = List.copyOf(parts);
    this.auditLog = auditLog;
    this.ticker = ticker;
  }

  /** The next run reads the files, changed or not. */
  void request() {
    requested.set(true);
  }

  /**
   * Reads the files if they, or links to executables, have changed or somebody requested it.
   *
   * @return the change, which the parts know already; empty if nothing was read
   */
  Optional<ConfigChange> run() {
    Optional<String> request = requests.asked();
    boolean signalled = requested.getAndSet(false);
    boolean changed = changes.wantsReading(changes.read().again()) || linksChanged();
    boolean again = retryAt != null && ticker.elapsed().compareTo(retryAt) >= 0;
    if (request.isEmpty() && !signalled && !changed && !again) {
      return Optional.empty();
    }
    retryAt = null;
    LoadAttempt attempt = files.get();
    changes.read(attempt.stamps());
    ReloadOutcome outcome =
        attempt.read() instanceof ReadResult.Good<LoadedConfig> good
            ? use(good.value())
            : reject(((ReadResult.Bad<LoadedConfig>) attempt.read()).problems());
    request.ifPresent(known -> answer(known, outcome.answer));
    return Optional.of(outcome.change);
  }

  /**
   * True if a link to an executable of the policy now leads to another file, which no other check
   * notices. If the files are invalid, they are read once and not at each run.
   */
  private boolean linksChanged() {
    ExecutableLinks known = scan.active().loaded().links();
    ExecutableLinks now = ExecutablePaths.of(known.changing());
    boolean changed = !now.followsAs(known) && !now.equals(tried);
    tried = now;
    return changed;
  }

  /** A change that all parts know, and the lines for the command that requested it. */
  private record ReloadOutcome(ConfigChange change, ReloadRequests.Answer answer) {}

  private ReloadOutcome use(LoadedConfig read) {
    try {
      ConfigChange change = ConfigChange.to(read, scan.active());
      List<String> verdicts = verdicts(change.after());
      giveToParts(change);
      return new ReloadOutcome(change, accepted(change, verdicts));
    } catch (RuntimeException | Error bug) {
      LOG.error("the new config cannot be used; this is a bug in Portcurfew", bug);
      retryAt = ticker.elapsed().plus(RETRY_AFTER);
      String what = "the agent failed to use it; the log has the cause. It tries again in a minute";
      return reject(List.of(new Problem(read.policySource(), 1, 1, null, what, null, null, null)));
    }
  }

  /** If one part fails, it and the parts before it go back, so that all have the same config. */
  private void giveToParts(ConfigChange change) {
    int given = 0;
    try {
      for (Consumer<ConfigChange> part : parts) {
        given++;
        part.accept(change);
      }
    } catch (RuntimeException | Error bug) {
      parts.subList(0, given).forEach(part -> takeBack(change, part));
      throw bug;
    }
  }

  private static void takeBack(ConfigChange change, Consumer<ConfigChange> part) {
    try {
      part.accept(change.reversed());
    } catch (RuntimeException | Error bug) {
      LOG.error("a part of the agent cannot return to the previous config", bug);
    }
  }

  private ReloadRequests.Answer accepted(ConfigChange change, List<String> verdicts) {
    LoadedConfig loaded = change.after().loaded();
    String active =
        "policy %s with %s is active, digest %s"
            .formatted(
                loaded.policySource(),
                CountedNoun.of(loaded.policy().rules().size(), "rule"),
                loaded.policyDigest());
    LOG.info("{}", active);
    auditLog.accept("reload", Map.of("good", true, "policy", loaded.policyDigest()));
    change.restartOnly().forEach(line -> LOG.warn("{}", line));
    verdicts.forEach(line -> LOG.info("{}", line));
    List<String> lines = new ArrayList<>(List.of(active));
    lines.addAll(change.restartOnly());
    lines.addAll(verdicts);
    return new ReloadRequests.Answer(true, lines);
  }

  private List<String> verdicts(ActiveConfig next) {
    Scan.Result last = scan.last();
    return last == null
        ? List.of()
        : VerdictChanges.between(
            last.judged().judgement(), next.judge(last.judged().snapshot(), last.compared()));
  }

  private ReloadOutcome reject(List<Problem> problems) {
    ConfigChange change = ConfigChange.rejected(problems, scan.active());
    List<String> lines =
        ShortList.lines(
            problems.stream().map(Problem::toString).toList(), MOST_PROBLEMS, "problem");
    lines.forEach(line -> LOG.warn("not loaded: {}", line));
    auditLog.accept("reload", Map.of("good", false, "problems", problems.size()));
    parts.forEach(part -> part.accept(change));
    return new ReloadOutcome(change, new ReloadRequests.Answer(false, lines));
  }

  private void answer(String request, ReloadRequests.Answer answer) {
    try {
      requests.answer(request, answer);
    } catch (IOException e) {
      LOG.warn("cannot answer a request to reload: {}", e.getMessage());
    }
  }
}
