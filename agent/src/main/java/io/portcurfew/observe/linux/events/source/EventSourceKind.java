package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.Protocol;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The interfaces of the kernel that report sockets, and what each of them reports. */
public enum EventSourceKind {

  /** A tracepoint, by perf_event_open(2). */
  PERF("perf", Protocol.TCP),

  /** The same tracepoint, by an instance of the tracing system. */
  TRACEFS("tracefs", Protocol.TCP),

  /** Programs at the root of the control groups. */
  BPF("bpf", Protocol.UDP),

  /** The multicast groups of sock_diag: ends of sockets alone. */
  DESTROY("destroy", null);

  private final String label;
  private final @Nullable Protocol announced;

  EventSourceKind(String label, @Nullable Protocol announced) {
    this.label = label;
    this.announced = announced;
  }

  /** The name in metrics, gaps and messages. */
  public String label() {
    return label;
  }

  /** The protocols whose listeners it reports as they open, without exception. */
  public Set<Protocol> announced() {
    return announced == null ? Set.of() : Set.of(announced);
  }
}
