package io.portcurfew.scan;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.host.Host;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SweepResult;
import io.portcurfew.observe.TimedView;
import io.portcurfew.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass of the daemon: look, judge, update the alerts, save them with what is to be told, count.
 * Scans run one at a time; the cross-check runs beside them, so that a slow tool delays no scan.
 */
public final class Scan {

  private final Host host;
  private final AlertPipeline book;
  private final Metrics metrics;
  private volatile ActiveConfig inForce;
  private @Nullable ActiveConfig asked;
  private Alerts alerts;
  private volatile CrossCheck crossCheck = CrossCheck.NONE;
  private long comparedAt = System.nanoTime();
  private volatile @Nullable Result last;
  private volatile @Nullable Instant failedAt;

  /**
   * What a scan saw, what the cross-check had shown by then, and what is said of it by what.
   *
   * @param own what was wrong with the agent itself
   */
  public record Result(
      Snapshot snapshot,
      Judgement judgement,
      CrossCheck compared,
      ActiveConfig by,
      List<Finding> own) {}

  public Scan(Host host, ActiveConfig inForce, AlertPipeline book, Metrics metrics) {
    this.host = host;
    this.inForce = inForce;
    this.book = book;
    this.alerts = book.alerts();
    this.metrics = metrics;
  }

  /** Looks with the first sources, and tells what that changed. */
  public void run(Instant now) throws InterruptedException {
    long start = System.nanoTime();
    ActiveConfig by = inForce;
    CrossCheck compared = crossCheck;
    ask(by);
    Snapshot snapshot = compared.complete(host.look(now));
    List<Finding> own = book.findings(by.config().scan());
    Judgement judgement = judge(by, snapshot, compared, own);
    Silences silences = book.silences(now);
    Duration repeatEvery = by.config().repeatEvery();
    AlertChanges changes = alerts.update(judgement, snapshot, now, repeatEvery, silences);
    alerts = changes.after();
    book.keep(snapshot, changes, by);
    last = new Result(snapshot, judgement, compared, by, own);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    metrics.scanned(snapshot, judgement, by.policy(), alerts.all(), took);
    metrics.alertsNotFollowed(changes.after().notFollowed());
    metrics.silences(silences.active().size());
  }

  /** What is in force is one object until the next reload. */
  @SuppressWarnings("ReferenceEquality")
  private void ask(ActiveConfig by) {
    if (by != asked) {
      host.ask(by.policy().asksFor());
      asked = by;
    }
  }

  /**
   * On a host where nothing changes, the last judgement is the answer until the day ends, since
   * rules run out with it: judging is pure.
   */
  // What is in force is one object until the next reload; to compare its rules would cost more.
  @SuppressWarnings("ReferenceEquality")
  private Judgement judge(
      ActiveConfig by, Snapshot snapshot, CrossCheck compared, List<Finding> own) {
    Result before = last;
    if (before != null
        && before.by() == by
        && before.compared().equals(compared)
        && before.own().equals(own)
        && Policy.day(before.snapshot().takenAt()).equals(Policy.day(snapshot.takenAt()))
        && before.snapshot().showsTheSameAs(snapshot)) {
      return before.judgement();
    }
    Judgement judgement = by.says(snapshot, compared);
    for (Finding finding : own) {
      judgement = judgement.and(finding);
    }
    return judgement;
  }

  /**
   * Looks with all sources, once more where they disagree, and sweeps where that is wanted; the
   * next scan judges what that showed.
   */
  public void crossCheck(Instant now) throws InterruptedException {
    List<TimedView> looks = compare(now, Host.LIMIT);
    if (crossCheck.wantsAnotherLook()) {
      looks = compare(now, Host.LIMIT);
    }
    Snapshot snapshot = host.snapshot(now, looks);
    book.compared(snapshot.sources());
    SweepResult swept = inForce.config().sweep() ? host.sweep(snapshot) : SweepResult.NOTHING;
    synchronized (this) {
      crossCheck = crossCheck.swept(swept);
    }
    if (!swept.equals(SweepResult.NOTHING)) {
      metrics.sources(List.of(swept.report()));
    }
  }

  /** Looks once with all sources, beside another such look or not; gives what each of them saw. */
  public List<TimedView> compare(Instant now, Duration limit) throws InterruptedException {
    long began = System.nanoTime();
    List<TimedView> looks = host.lookWithEach(limit);
    Snapshot snapshot = host.snapshot(now, looks);
    synchronized (this) {
      // Two looks at one time miss the same socket that opens meanwhile; that is once.
      if (began - comparedAt >= 0) {
        crossCheck = crossCheck.after(snapshot);
        comparedAt = System.nanoTime();
      }
    }
    metrics.sources(snapshot.sources());
    return looks;
  }

  /** The next scan, and every one after it, goes by this. */
  public void goBy(ActiveConfig next) {
    inForce = next;
  }

  public ActiveConfig inForce() {
    return inForce;
  }

  public void failed(Instant at) {
    failedAt = at;
  }

  /** The last scan that ended; {@code null} before the first. */
  public @Nullable Result last() {
    return last;
  }

  /** When a scan failed last; {@code null} where none did. */
  public @Nullable Instant failedAt() {
    return failedAt;
  }
}
