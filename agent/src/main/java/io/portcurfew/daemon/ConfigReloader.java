package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.BoundedList;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.ReloadRequests;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files again when they have changed or somebody asks for it. All is read before anything
 * is swapped; of bad files nothing is taken, and the next scan tells of them.
 */
final class ConfigReloader {

  /** The name of the job that looks for changes. */
  static final String JOB = "reload";

  /** A changed file is read at the second look, so within twice this time. */
  static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  /** A file with more problems than these wants another look anyway. */
  private static final int MOST_PROBLEMS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ConfigReloader.class);

  private final Supplier<LoadAttempt> files;
  private final ChangeDetector watch;
  private final ReloadRequests box;
  private final Scan scan;
  private final JobScheduler schedule;
  private final Metrics metrics;
  private final Consumer<AgentConfig> receivers;
  private final Log log;
  private final AtomicBoolean asked = new AtomicBoolean();

  /** Where it is written down that the files were read. */
  interface Log {
    void enter(String what, Map<String, ?> details);
  }

  /**
   * @param files reads them
   * @param read how they stood when they were read for the start
   * @param receivers takes the receivers of a config
   * @param log where it is written down
   */
  ConfigReloader(
      Supplier<LoadAttempt> files,
      FileStamps read,
      Scan scan,
      JobScheduler schedule,
      Metrics metrics,
      Consumer<AgentConfig> receivers,
      Log log) {
    this.files = files;
    this.watch = new ChangeDetector(read);
    this.box = new ReloadRequests(scan.inForce().config().state());
    this.scan = scan;
    this.schedule = schedule;
    this.metrics = metrics;
    this.receivers = receivers;
    this.log = log;
  }

  /** Reads them as soon as possible, changed or not. */
  void ask() {
    asked.set(true);
    schedule.now(JOB);
  }

  /** One look, which only asks how the files stand unless there is a reason to read them. */
  void run() {
    Optional<String> request = box.asked();
    boolean signalled = asked.getAndSet(false);
    boolean changed = watch.wantsReading(watch.read().again());
    if (request.isPresent() || signalled || changed) {
      ReloadRequests.Answer answer = read();
      request.ifPresent(known -> answer(known, answer));
    }
  }

  private ReloadRequests.Answer read() {
    LoadAttempt attempt = files.get();
    watch.read(attempt.stamps());
    ReloadRequests.Answer answer =
        attempt.read() instanceof ReadResult.Good<LoadedConfig> good
            ? swap(good.value())
            : keep(((ReadResult.Bad<LoadedConfig>) attempt.read()).problems());
    schedule.now(JobScheduler.SCAN);
    return answer;
  }

  private ReloadRequests.Answer swap(LoadedConfig read) {
    AgentConfig before = scan.inForce().config();
    List<String> restart = RestartOnlySettings.wanted(read.config(), before);
    ActiveConfig next =
        ActiveConfig.of(read.with(RestartOnlySettings.without(read.config(), before)));
    List<String> verdicts = verdicts(next);
    scan.goBy(next);
    receivers.accept(next.config());
    changeTimes(before, next.config());
    metrics.configLoaded(true);
    metrics.policyInForce(read.policyDigest());
    String inForce =
        "policy %s with %d rules is in force, digest %s"
            .formatted(read.policySource(), read.policy().rules().size(), read.policyDigest());
    LOG.info("{}", inForce);
    log.enter("reload", Map.of("good", true, "policy", read.policyDigest()));
    restart.forEach(line -> LOG.warn("{}", line));
    verdicts.forEach(line -> LOG.info("{}", line));
    List<String> lines = new ArrayList<>(List.of(inForce));
    lines.addAll(restart);
    lines.addAll(verdicts);
    return new ReloadRequests.Answer(true, lines);
  }

  private List<String> verdicts(ActiveConfig next) {
    Scan.Result last = scan.last();
    return last == null
        ? List.of()
        : VerdictChanges.between(last.judgement(), next.says(last.snapshot(), last.compared()));
  }

  private void changeTimes(AgentConfig before, AgentConfig next) {
    if (!next.scan().equals(before.scan())) {
      schedule.scanAt(next.scan());
    }
    if (!next.crossCheck().equals(before.crossCheck())) {
      schedule.crossCheckEvery(next.crossCheck());
    }
  }

  private ReloadRequests.Answer keep(List<Problem> problems) {
    List<String> lines =
        BoundedList.lines(
            problems.stream().map(Problem::toString).toList(), MOST_PROBLEMS, "problems");
    lines.forEach(line -> LOG.warn("not loaded: {}", line));
    log.enter("reload", Map.of("good", false, "problems", problems.size()));
    scan.goBy(new ActiveConfig(scan.inForce().loaded(), RejectedConfigFinding.finding(problems)));
    metrics.configLoaded(false);
    return new ReloadRequests.Answer(false, lines);
  }

  private void answer(String request, ReloadRequests.Answer answer) {
    try {
      box.answer(request, answer);
    } catch (IOException e) {
      LOG.warn("who asked to read the files again cannot be answered: {}", e.toString());
    }
  }
}
