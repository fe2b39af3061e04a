package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.netlink.NftGeneration;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The redirects in the rulesets of the agent's own network namespace. Each look asks for the number
 * of the ruleset; only a change starts the tools, on a thread of their own, and a later look has
 * the result. For one caller at a time.
 */
public final class Rulesets implements AutoCloseable {

  /** The first look waits, so that a single scan has a result. */
  private static final Duration FIRST_WAIT = Duration.ofSeconds(3);

  /** The rules of iptables-legacy and IPVS have no number. */
  private static final int LOOKS_BETWEEN = 30;

  private final String source;
  private final ProcFs proc;
  private final Threads threads;
  private final ExecutorService worker;
  private @Nullable NftGeneration generation;
  private @Nullable Integer number;
  private @Nullable Future<RulesetTools.ToolRedirects> running;
  private RulesetTools.ToolRedirects result = new RulesetTools.ToolRedirects(List.of(), List.of());
  private List<Listener> ipvs = List.of();
  private List<Listener> all = List.of();
  private String limit = "";
  private int untilNext;
  private boolean first = true;

  /**
   * Creates the reader of a running host.
   *
   * @param source the name of the source in gaps
   */
  public Rulesets(String source, ProcFs proc, Threads threads) {
    this.source = source;
    this.proc = proc;
    this.threads = threads;
    this.worker = threads.oneByOne("portcurfew-reach");
  }

  /** The redirects; the same list again while nothing changes. */
  public List<Listener> look() throws InterruptedException {
    if (proc.isCaptured()) {
      return List.of();
    }
    boolean due = untilNext-- <= 0;
    if (due) {
      untilNext = LOOKS_BETWEEN;
      ipvs = RulesetProbe.ipvs(proc);
    }
    boolean legacy = due && limit.isEmpty() && RulesetProbe.hasLegacy(proc);
    if (isChanged(due) || legacy) {
      start(legacy || RulesetProbe.hasLegacy(proc));
    }
    take();
    if (all.isEmpty() && ipvs.isEmpty() && result.listeners().isEmpty()) {
      return all;
    }
    List<Listener> latest = Stream.concat(ipvs.stream(), result.listeners().stream()).toList();
    all = latest.equals(all) ? all : latest;
    return all;
  }

  /** The gaps of the last result; none without the right to read rulesets, see {@link #limit}. */
  public List<Gap> gaps() {
    return result.missing().isEmpty()
        ? List.of()
        : List.of(
            new Gap(
                source,
                Gap.What.PROTOCOL,
                "redirects are not all seen: " + String.join("; ", result.missing())));
  }

  /** The reason why rulesets cannot be read; empty if they can. */
  public String limit() {
    return limit;
  }

  private boolean isChanged(boolean due) {
    if (generation == null && !due) {
      return false;
    }
    try {
      NftGeneration open = generation != null ? generation : NftGeneration.open();
      generation = open;
      Integer now = open.current();
      limit = "";
      boolean changed = now != null && !Objects.equals(now, number);
      number = now;
      return changed;
    } catch (KernelException refused) {
      closeGeneration();
      number = null;
      limit =
          Refusal.ENTRY.is(refused.errno())
              ? "rulesets take CAP_NET_ADMIN"
              : "rulesets cannot be read: " + refused.getMessage();
      result = new RulesetTools.ToolRedirects(List.of(), List.of());
      return false;
    }
  }

  private void start(boolean legacy) {
    Set<String> own = RulesetProbe.ownAddresses();
    RulesetTools tools = new RulesetTools(address -> own.contains(address.host()));
    running = worker.submit(() -> tools.read(legacy));
  }

  private void take() throws InterruptedException {
    Future<RulesetTools.ToolRedirects> job = running;
    if (job == null || !(first || job.isDone())) {
      return;
    }
    try {
      result = threads.get(job, first ? FIRST_WAIT : Duration.ZERO);
      running = null;
    } catch (TimeoutException later) {
      // The next look takes it.
    } catch (ExecutionException failed) {
      running = null;
      result =
          new RulesetTools.ToolRedirects(
              result.listeners(),
              List.of("reading them: " + KernelException.why(failed.getCause())));
    }
    first = false;
  }

  private void closeGeneration() {
    NftGeneration open = generation;
    if (open != null) {
      open.close();
    }
    generation = null;
  }

  @Override
  public void close() {
    worker.shutdownNow();
    closeGeneration();
  }
}
