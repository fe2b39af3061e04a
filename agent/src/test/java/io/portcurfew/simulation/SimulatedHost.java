package io.portcurfew.simulation;

import io.portcurfew.host.Host;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** A host of a few ports, which outlives its agents, and the sources that show it. */
final class SimulatedHost {

  static final String FIRST = "sock_diag";
  static final String WITNESS = "ss";
  static final String EVENTS = "perf";

  private static final OwnerDetails DIGEST =
      OwnerDetails.builder()
          .deleted(false)
          .elsewhere(false)
          .sha256(HostText.of("ab".repeat(32)))
          .build();

  /** How a source behaves. */
  enum Mood {
    GOOD,
    SLOW,
    HANGS,
    BLIND,
    FAILS
  }

  private final SteppedTime time;
  private final Timeline timeline;
  private final TreeMap<Integer, String> open = new TreeMap<>();
  private final TreeSet<Integer> hidden = new TreeSet<>();
  private final TreeSet<Integer> unseen = new TreeSet<>();
  private final Map<Source, Mood> moods = new EnumMap<>(Source.class);
  private BooleanSupplier digests = () -> false;
  private int pid = 1000;
  private final TreeMap<Integer, Integer> pids = new TreeMap<>();

  /** The sources: the one of each scan and the witness. */
  enum Source {
    FIRST,
    WITNESS
  }

  SimulatedHost(SteppedTime time, Timeline timeline) {
    this.time = time;
    this.timeline = timeline;
    for (Source one : Source.values()) {
      moods.put(one, Mood.GOOD);
    }
    open(SimulatedConfig.REQUIRED, "/usr/sbin/sshd");
  }

  void open(int port, String executable) {
    open.put(port, executable);
    pids.put(port, pid++);
    timeline.opened(port, executable, time.elapsed());
  }

  void close(int port) {
    if (open.remove(port) != null) {
      show(port);
      timeline.closed(port, time.elapsed());
    }
  }

  boolean isOpen(int port) {
    return open.containsKey(port);
  }

  /** Hides a port from the first source; from all but the sweep if it says so. */
  void hide(int port, boolean fromAll) {
    if (isOpen(port)) {
      if (hidden.add(port)) {
        timeline.hidden(port, time.elapsed());
      }
      if (fromAll && unseen.add(port)) {
        timeline.unseen(port, time.elapsed());
      }
    }
  }

  void show(int port) {
    if (hidden.remove(port)) {
      unseen.remove(port);
      timeline.shown(port, time.elapsed());
    }
  }

  Set<Integer> hidden() {
    return hidden;
  }

  boolean isUnseen(int port) {
    return unseen.contains(port);
  }

  List<Integer> ports() {
    return List.copyOf(open.keySet());
  }

  void mood(Source source, Mood mood) {
    moods.put(source, mood);
    timeline.works(source, mood == Mood.GOOD || mood == Mood.SLOW, time.elapsed());
  }

  Mood mood(Source source) {
    return moods.getOrDefault(source, Mood.GOOD);
  }

  void digestsIf(BooleanSupplier asked) {
    digests = asked;
  }

  /** The host as an agent with these threads sees it. */
  Host seenBy(Stepper threads) {
    return new Host(
        HostText.of("web-1"),
        PortRange.LINUX_EPHEMERAL,
        List.of(source(Source.FIRST, FIRST, threads)),
        List.of(source(Source.WITNESS, WITNESS, threads)),
        this::sweep,
        threads,
        threads,
        List.of());
  }

  private SweepResult sweep(Snapshot seen, Sweep.Pause pause) {
    List<Endpoint> taken = new ArrayList<>();
    // It asks the kernel itself, which hides the same ports from it as from the first source.
    for (int port : hidden) {
      if (seen.listeners().stream().noneMatch(one -> one.endpoint().port() == port)) {
        taken.add(endpoint(port));
      }
    }
    return new SweepResult(1000, taken, List.of(), Duration.ZERO);
  }

  private ListenerSource source(Source source, String name, Stepper threads) {
    return new ListenerSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public View look() throws InterruptedException {
        Mood mood = mood(source);
        if (mood == Mood.HANGS) {
          threads.await(() -> mood(source) != Mood.HANGS, Duration.ofHours(1));
        } else if (mood == Mood.SLOW) {
          threads.sleep(Duration.ofSeconds(3));
        } else {
          threads.sleep(Duration.ofMillis(5));
        }
        return view(source, name);
      }
    };
  }

  private View view(Source source, String name) {
    Mood mood = mood(source);
    if (mood == Mood.FAILS) {
      throw new IllegalStateException("the tool was removed");
    }
    if (mood == Mood.BLIND || mood == Mood.HANGS) {
      return new View(
          name, false, List.of(), List.of(new Gap(name, Gap.What.LISTENERS, "refused")));
    }
    List<Listener> seen = new ArrayList<>();
    open.forEach(
        (port, executable) -> {
          boolean shown = source == Source.FIRST ? !hidden.contains(port) : !unseen.contains(port);
          if (shown) {
            seen.add(listener(port, executable, name));
          }
        });
    return new View(name, true, seen, List.of());
  }

  /** What an event shows of this port now; null if it has closed or is hidden. */
  Listener announced(int port) {
    String executable = open.get(port);
    return executable == null || hidden.contains(port) ? null : listener(port, executable, EVENTS);
  }

  private Listener listener(int port, String executable, String name) {
    Owner owner =
        new Owner(
            pids.getOrDefault(port, 1),
            HostText.of("d" + port),
            HostText.of(executable),
            HostText.of("root"),
            0L,
            digests.getAsBoolean() ? DIGEST : OwnerDetails.NONE);
    return new Listener(endpoint(port), null, List.of(owner), name);
  }

  static Endpoint endpoint(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }
}
