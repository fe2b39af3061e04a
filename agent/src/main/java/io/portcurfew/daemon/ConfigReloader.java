package io.portcurfew.daemon;

import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.BoundedList;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.ReloadRequests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files again when they have changed or somebody requests it. All files are read before
 * anything changes; invalid files change nothing and become a finding.
 */
final class ConfigReloader {

  /** More problems than these are only counted. */
  private static final int MOST_PROBLEMS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);

  private final Supplier<LoadAttempt> files;
  private final ChangeDetector changes;
  private final ReloadRequests requests;
  private final Scan scan;
  private final List<Consumer<ConfigChange>> parts;
  private final BiConsumer<String, Map<String, ?>> auditLog;
  private final AtomicBoolean requested = new AtomicBoolean();

  /**
   * @param files reads the files
   * @param read how the files stood when they were read for the start
   * @param scan knows the active config and the last verdicts
   * @param parts are given each change, in this order
   * @param auditLog takes an entry for each reload
   */
  ConfigReloader(
      Supplier<LoadAttempt> files,
      FileStamps read,
      Scan scan,
      List<Consumer<ConfigChange>> parts,
      BiConsumer<String, Map<String, ?>> auditLog) {
    this.files = files;
    this.changes = new ChangeDetector(read);
    this.requests = new ReloadRequests(scan.active().config().state());
    this.scan = scan;
    this.parts = List.copyOf(parts);
    this.auditLog = auditLog;
  }

  /** The next run reads the files, changed or not. */
  void request() {
    requested.set(true);
  }

  /**
   * Reads the files if they have changed or somebody requested it.
   *
   * @return the change, which the parts know already; empty if nothing was read
   */
  Optional<ConfigChange> run() {
    Optional<String> request = requests.asked();
    boolean signalled = requested.getAndSet(false);
    boolean changed = changes.wantsReading(changes.read().again());
    if (request.isEmpty() && !signalled && !changed) {
      return Optional.empty();
    }
    LoadAttempt attempt = files.get();
    changes.read(attempt.stamps());
    ActiveConfig before = scan.active();
    ConfigChange change;
    ReloadRequests.Answer answer;
    if (attempt.read() instanceof ReadResult.Bad<LoadedConfig> bad) {
      change = ConfigChange.rejected(bad.problems(), before);
      answer = reject(change, bad.problems());
    } else {
      change = ConfigChange.to(((ReadResult.Good<LoadedConfig>) attempt.read()).value(), before);
      answer = accept(change);
    }
    request.ifPresent(known -> answer(known, answer));
    return Optional.of(change);
  }

  private ReloadRequests.Answer accept(ConfigChange change) {
    List<String> verdicts = verdicts(change.after());
    parts.forEach(part -> part.accept(change));
    LoadedConfig loaded = change.after().loaded();
    String active =
        "policy %s with %d rules is active, digest %s"
            .formatted(
                loaded.policySource(), loaded.policy().rules().size(), loaded.policyDigest());
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

  private ReloadRequests.Answer reject(ConfigChange change, List<Problem> problems) {
    List<String> lines =
        BoundedList.lines(
            problems.stream().map(Problem::toString).toList(), MOST_PROBLEMS, "problems");
    lines.forEach(line -> LOG.warn("not loaded: {}", line));
    auditLog.accept("reload", Map.of("good", false, "problems", problems.size()));
    parts.forEach(part -> part.accept(change));
    return new ReloadRequests.Answer(false, lines);
  }

  private void answer(String request, ReloadRequests.Answer answer) {
    try {
      requests.answer(request, answer);
    } catch (IOException e) {
      LOG.warn("cannot answer a request to reload: {}", e.toString());
    }
  }
}
