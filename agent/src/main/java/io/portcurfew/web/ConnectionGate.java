package io.portcurfew.web;

import io.portcurfew.process.Ticker;
import io.portcurfew.web.ConnectionQueue.ArrivalTurn;
import io.portcurfew.web.access.AccessControl;
import io.portcurfew.web.access.ClientNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Starts the exchanges of the JDK's server. New connections to a server with TLS or logins pass a
 * {@link ConnectionQueue} first: one that waits or is refused there has cost no thread, no TLS and
 * no reading of its request.
 */
final class ConnectionGate implements Executor {

  private final @Nullable ExchangeFields fields;
  private final AccessControl access;
  private final ExchangeWorkers workers;
  private final ConnectionQueue<Runnable> queue = new ConnectionQueue<>(Ticker.SYSTEM.elapsed());
  private boolean timed;

  /**
   * @param fields {@code null} if this Java does not show the client; then nothing waits
   */
  ConnectionGate(@Nullable ExchangeFields fields, AccessControl access, ExchangeWorkers workers) {
    this.fields = fields;
    this.access = access;
    this.workers = workers;
  }

  /**
   * Called by the thread that accepts connections.
   *
   * @throws RejectedExecutionException if the connection is refused; the server then closes it
   */
  @Override
  public void execute(Runnable exchange) {
    InetAddress client =
        fields == null || !access.isProtected() ? null : fields.newClient(exchange);
    if (fields == null || client == null) {
      workers.execute(exchange);
      return;
    }
    workers.waitForPace();
    fields.nameByAddress(client);
    switch (turn(ClientNetwork.of(client), exchange)) {
      case NOW -> workers.start(exchange);
      case LATER -> startTimer();
      case NEVER -> {
        workers.slowDown();
        throw new RejectedExecutionException("too many connections without a login");
      }
    }
  }

  private synchronized ArrivalTurn turn(ClientNetwork network, Runnable exchange) {
    return queue.arrive(network, exchange, Ticker.SYSTEM.elapsed());
  }

  /** Notes that a request of this client is answered. */
  synchronized void admitted(InetAddress client, boolean loggedIn) {
    ClientNetwork network = ClientNetwork.of(client);
    Duration now = Ticker.SYSTEM.elapsed();
    if (loggedIn) {
      queue.loggedIn(network, now);
    } else if (!access.needsLogin()) {
      queue.served(network, now);
    }
  }

  /** If no thread can be started, the next connection tries again. */
  private synchronized void startTimer() {
    if (!timed && queue.waits()) {
      timed = workers.callLater(ConnectionQueue.SPACE, this::startWaiting);
    }
  }

  private void startWaiting() {
    synchronized (this) {
      timed = false;
    }
    Optional<Runnable> next = next();
    while (next.isPresent()) {
      workers.start(measured(next.get()));
      next = next();
    }
    startTimer();
  }

  /**
   * Those that begin at once are not measured, so a server without a flood needs no clock of it.
   */
  private Runnable measured(Runnable exchange) {
    return () -> {
      Duration before = ThreadTime.now();
      try {
        exchange.run();
      } finally {
        cost(ThreadTime.now().minus(before));
      }
    };
  }

  private synchronized void cost(Duration spent) {
    queue.cost(spent);
  }

  private synchronized Optional<Runnable> next() {
    return queue.next(Ticker.SYSTEM.elapsed());
  }
}
