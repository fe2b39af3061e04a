package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.notify.Notifier;
import org.jspecify.annotations.Nullable;

/**
 * The notifier of the heartbeat. It is not the one of the receiver's queue: while that one is busy,
 * as during an incident, a heartbeat would fail.
 */
final class HeartbeatNotifier implements AutoCloseable {

  private final ReceiverFactory factory;
  private @Nullable String receiver;
  private @Nullable Notifier notifier;

  HeartbeatNotifier(ReceiverFactory factory, AgentConfig config) {
    this.factory = factory;
    use(config);
  }

  /** The next heartbeat is sent to the receiver of this config. */
  synchronized void use(AgentConfig config) {
    close();
    Heartbeat wanted = config.heartbeat();
    receiver = wanted == null ? null : wanted.receiver();
    notifier = wanted == null ? null : factory.heartbeat(config, wanted.receiver());
  }

  /** The notifier, if this is the receiver of the heartbeat; else {@code null}. */
  synchronized @Nullable Notifier of(String name) {
    return name.equals(receiver) ? notifier : null;
  }

  @Override
  public synchronized void close() {
    Notifier before = notifier;
    notifier = null;
    if (before != null) {
      before.close();
    }
  }
}
