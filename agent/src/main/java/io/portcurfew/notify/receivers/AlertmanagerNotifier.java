package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.OnDemand;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.HttpPeer;
import io.portcurfew.notify.http.Redaction;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every peer of a cluster of Alertmanagers, as its documentation asks its clients to, and
 * again and again as long as an alert fires. What one of them has taken is delivered: they tell
 * each other nothing of alerts, but each sends, and a peer that was down hears all that fires with
 * the next round.
 *
 * <p>An Alertmanager forgets alerts when it is restarted, and takes one for over when its {@code
 * endsAt} has passed. So that is three rounds ahead, and each round takes what fires from the
 * agent's own book, and not from what was told: nothing of it stands in the ledger. A round and a
 * delivery never overlap, since a round that is late would open again what a delivery has closed.
 */
final class AlertmanagerNotifier implements Notifier {

  /** Rounds that may fail in a row before an alert is taken for over. */
  private static final int ROUNDS = 3;

  /** An alert is about 1 KiB. */
  private static final int MOST_AT_ONCE = 500;

  private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerNotifier.class);

  private final String receiver;
  private final List<HttpPeer> peers;
  private final Map<String, String> headers;
  private final Duration every;
  private final InstantSource clock;
  private final Supplier<List<Notification>> firing;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean goesRound = new AtomicBoolean();
  private final ThreadPoolExecutor rounds;

  /**
   * @param agent the name and version of this agent
   * @param firing what this receiver is to hear of again and again
   */
  AlertmanagerNotifier(
      String receiver,
      AlertmanagerSettings settings,
      String agent,
      InstantSource clock,
      Supplier<List<Notification>> firing) {
    Secret token = settings.token();
    Redaction hidden = token == null ? Redaction.of() : Redaction.of(token);
    this.receiver = receiver;
    this.peers =
        settings.urls().stream()
            .map(url -> new HttpPeer(receiver, server(url, settings), hidden, agent, clock))
            .toList();
    this.headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token.text());
    this.every = settings.resendEvery();
    this.clock = clock;
    this.firing = firing;
    this.rounds = OnDemand.thread("portcurfew-again-" + receiver);
    // This may stand in the place of one whose last round was long ago.
    somethingFires();
  }

  private static HttpPeer.Server server(URI url, AlertmanagerSettings settings) {
    String text = url.toString();
    URI api = URI.create(text + (text.endsWith("/") ? "" : "/") + "api/v2/alerts");
    return new HttpPeer.Server(api, settings.authorities(), settings.timeout());
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    oneAtATime.lockInterruptibly();
    try {
      return post(List.of(notification));
    } finally {
      oneAtATime.unlock();
    }
  }

  @Override
  public void somethingFires() {
    if (goesRound.compareAndSet(false, true)) {
      try {
        rounds.execute(this::rounds);
      } catch (OutOfMemoryError noThread) {
        goesRound.set(false);
        LOG.error("no thread can be had to tell {} again what fires", receiver);
      }
    }
  }

  /** The first at once, and more of them as long as anything fires. */
  private void rounds() {
    try {
      boolean goesOn;
      do {
        goesOn = round() && !closed.await(every.toNanos(), TimeUnit.NANOSECONDS);
      } while (goesOn);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      goesRound.set(false);
    }
    if (closed.getCount() > 0 && !firing.get().isEmpty()) {
      // It began while the last round ended.
      somethingFires();
    }
  }

  /**
   * A round that fails is left to the next: what people have to be told is in the ledger.
   *
   * @return whether anything fires
   */
  private boolean round() throws InterruptedException {
    oneAtATime.lockInterruptibly();
    try {
      List<Notification> all = firing.get();
      for (int at = 0; at < all.size(); at += MOST_AT_ONCE) {
        Delivery outcome = post(all.subList(at, Math.min(all.size(), at + MOST_AT_ONCE)));
        LOG.debug("receiver {} was told again what fires: {}", receiver, outcome);
      }
      return !all.isEmpty();
    } catch (RuntimeException bug) {
      LOG.error("telling {} again failed by a fault of our own", receiver, bug);
      return true;
    } finally {
      oneAtATime.unlock();
    }
  }

  private Delivery post(List<Notification> all) throws InterruptedException {
    String json =
        Json.compact(AlertmanagerAlerts.of(all, clock.instant().plus(every.multipliedBy(ROUNDS))));
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    List<FutureTask<Delivery>> begun = peers.stream().map(peer -> begin(peer, body)).toList();
    List<Delivery> outcomes = new ArrayList<>();
    try {
      for (FutureTask<Delivery> one : begun) {
        outcomes.add(one.get());
      }
      return together(outcomes);
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    } finally {
      begun.forEach(one -> one.cancel(true));
    }
  }

  private FutureTask<Delivery> begin(HttpPeer peer, byte[] body) {
    FutureTask<Delivery> task = new FutureTask<>(() -> peer.post(body, headers));
    Thread thread = new Thread(task, "portcurfew-peer-" + receiver);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Delivered where one has it; else to be tried again where one may take it later. */
  private Delivery together(List<Delivery> outcomes) {
    List<String> all = new ArrayList<>();
    boolean taken = false;
    Delivery.Retry later = null;
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Delivery.Delivered done) {
        taken = true;
        all.add(peers.get(i).where() + " answered " + done.answer());
      } else if (outcomes.get(i) instanceof Delivery.Retry retry) {
        later = retry;
        all.add(retry.why());
      } else {
        all.add(((Delivery.Refused) outcomes.get(i)).why());
      }
    }
    String said = String.join("; ", all);
    if (taken) {
      return new Delivery.Delivered(said);
    }
    return later == null ? new Delivery.Refused(said) : new Delivery.Retry(said, later.after());
  }

  @Override
  public void close() {
    closed.countDown();
    rounds.shutdownNow();
  }
}
