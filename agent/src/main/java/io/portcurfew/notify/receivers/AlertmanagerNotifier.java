package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.http.HttpPeer;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends alerts to every peer of an Alertmanager cluster, as its documentation requires of clients,
 * and repeats them while they fire. A notification is delivered once one peer accepted it: peers do
 * not exchange alerts, but each of them notifies, and a peer that was down gets all firing alerts
 * with the next round.
 *
 * <p>An Alertmanager forgets alerts when it restarts, and resolves an alert when its {@code endsAt}
 * has passed. So {@code endsAt} is three rounds ahead, and each round sends the alerts that fire by
 * then; rounds are not in the ledger. A round and a delivery never overlap, not even those of a
 * notifier and its successor after a reload, since a late round would reopen an alert that a
 * delivery has resolved.
 */
final class AlertmanagerNotifier implements Notifier {

  /** The number of rounds in a row that may fail before Alertmanager resolves an alert. */
  private static final int ROUNDS = 3;

  /** An alert is about 1 KiB. */
  private static final int MOST_AT_ONCE = 500;

  /** Each exchange has a limit of its own. */
  private static final Duration NO_LIMIT = Duration.ofDays(365);

  private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerNotifier.class);

  private final String receiver;
  private final List<Peer> peers;
  private final Duration every;
  private final InstantSource clock;
  private final Supplier<List<Notification>> firing;
  private final ReentrantLock oneAtATime;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean roundsRunning = new AtomicBoolean();
  private final Threads threads;
  private final Timing timing;
  private final ExecutorService rounds;
  private final ExecutorService posts;

  /** One Alertmanager of a cluster. */
  interface Peer {
    /** Makes one attempt to send these alerts, in JSON. */
    Delivery post(byte[] alerts) throws InterruptedException;

    /** Its address, for messages. */
    String where();
  }

  private record HttpPeerWithToken(HttpPeer peer, Map<String, String> headers) implements Peer {
    @Override
    public Delivery post(byte[] alerts) throws InterruptedException {
      return peer.post(alerts, headers);
    }

    @Override
    public String where() {
      return peer.where();
    }
  }

  /**
   * @param agent the name and version of this agent
   * @param firing supplies the firing alerts for this receiver
   * @param oneAtATime the lock of all notifiers of this receiver
   */
  AlertmanagerNotifier(
      String receiver,
      AlertmanagerSettings settings,
      String agent,
      InstantSource clock,
      Supplier<List<Notification>> firing,
      ReentrantLock oneAtATime) {
    this(
        receiver,
        peers(receiver, settings, agent, clock),
        settings.resendEvery(),
        clock,
        firing,
        oneAtATime,
        Threads.SYSTEM,
        Timing.SYSTEM);
  }

  /** The same with other peers, threads and time. */
  AlertmanagerNotifier(
      String receiver,
      List<Peer> peers,
      Duration every,
      InstantSource clock,
      Supplier<List<Notification>> firing,
      ReentrantLock oneAtATime,
      Threads threads,
      Timing timing) {
    this.receiver = receiver;
    this.peers = peers;
    this.every = every;
    this.clock = clock;
    this.firing = firing;
    this.oneAtATime = oneAtATime;
    this.threads = threads;
    this.timing = timing;
    this.rounds = threads.oneByOne("portcurfew-resend-" + receiver);
    // Never shut down: a delivery may begin just before a reload replaces this notifier.
    this.posts = threads.parallel("portcurfew-peer-" + receiver + "-", Duration.ZERO);
    // The last round of a replaced notifier may be long ago.
    somethingFires();
  }

  private static List<Peer> peers(
      String receiver, AlertmanagerSettings settings, String agent, InstantSource clock) {
    Secret token = settings.token();
    Redaction hidden = token == null ? Redaction.of() : Redaction.of(token);
    Map<String, String> headers =
        token == null ? Map.of() : Map.of("Authorization", "Bearer " + token.text());
    return settings.urls().stream()
        .map(url -> new HttpPeer(receiver, server(url, settings), hidden, agent, clock))
        .<Peer>map(peer -> new HttpPeerWithToken(peer, headers))
        .toList();
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
      return post(withSuccessors(notification));
    } finally {
      oneAtATime.unlock();
    }
  }

  /**
   * With the alerts that fire now under the labels of one that ended: they may have been sent
   * before, and the last alert with the same labels stands.
   */
  private List<Notification> withSuccessors(Notification one) {
    Set<Map<String, String>> ended = AlertmanagerAlerts.endedLabels(one);
    if (ended.isEmpty()) {
      return List.of(one);
    }
    Stream<Notification> successors =
        firing.get().stream().filter(alert -> ended.contains(AlertLabels.all(alert)));
    return Stream.concat(Stream.of(one), successors).toList();
  }

  @Override
  public void somethingFires() {
    if (roundsRunning.compareAndSet(false, true) && !DaemonThreads.execute(rounds, this::rounds)) {
      roundsRunning.set(false);
      LOG.error("cannot start the thread that resends firing alerts to receiver {}", receiver);
    }
  }

  /** Runs a round at once, and more rounds while an alert fires. */
  private void rounds() {
    try {
      boolean more;
      do {
        more = round() && timing.pause(every, closed);
      } while (more);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      roundsRunning.set(false);
    }
    if (closed.getCount() > 0 && !firing.get().isEmpty()) {
      // An alert started to fire while the last round ended.
      somethingFires();
    }
  }

  /**
   * Sends all firing alerts. A failed round is left to the next one: notifications are in the
   * ledger.
   *
   * @return true if an alert fires
   */
  private boolean round() throws InterruptedException {
    oneAtATime.lockInterruptibly();
    try {
      List<Notification> all = firing.get();
      for (int at = 0; at < all.size() && closed.getCount() > 0; at += MOST_AT_ONCE) {
        Delivery outcome = post(all.subList(at, Math.min(all.size(), at + MOST_AT_ONCE)));
        LOG.debug("resent firing alerts to receiver {}: {}", receiver, outcome);
      }
      return !all.isEmpty();
    } catch (RuntimeException bug) {
      LOG.error("internal error while resending alerts to receiver {}", receiver, bug);
      return true;
    } finally {
      oneAtATime.unlock();
    }
  }

  private Delivery post(List<Notification> all) throws InterruptedException {
    Instant now = clock.instant();
    String json =
        Json.compact(AlertmanagerAlerts.of(all, now, now.plus(every.multipliedBy(ROUNDS))));
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    List<FutureTask<Delivery>> started = peers.stream().map(peer -> start(peer, body)).toList();
    List<Delivery> outcomes = new ArrayList<>();
    try {
      for (FutureTask<Delivery> one : started) {
        outcomes.add(threads.get(one, NO_LIMIT));
      }
      return together(outcomes);
    } catch (ExecutionException | TimeoutException bug) {
      throw new IllegalStateException(bug);
    } finally {
      started.forEach(one -> one.cancel(true));
    }
  }

  private FutureTask<Delivery> start(Peer peer, byte[] body) {
    FutureTask<Delivery> task = new FutureTask<>(() -> peer.post(body));
    posts.execute(task);
    return task;
  }

  /** Delivered if one peer accepted it; else a retry if one peer may accept it later. */
  private Delivery together(List<Delivery> outcomes) {
    List<String> all = new ArrayList<>();
    boolean accepted = false;
    Delivery.Retry later = null;
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Delivery.Delivered done) {
        accepted = true;
        all.add(peers.get(i).where() + " answered " + done.answer());
      } else if (outcomes.get(i) instanceof Delivery.Retry retry) {
        later = retry;
        all.add(retry.why());
      } else {
        all.add(((Delivery.Refused) outcomes.get(i)).why());
      }
    }
    String text = String.join("; ", all);
    if (accepted) {
      return new Delivery.Delivered(text);
    }
    return later == null ? new Delivery.Refused(text) : new Delivery.Retry(text, later.after());
  }

  /** A running exchange ends by itself: Alertmanager may process a request that was broken off. */
  @Override
  public void close() {
    closed.countDown();
    rounds.shutdown();
  }
}
