package io.portcurfew.web;

import io.portcurfew.process.DaemonThreads;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that have a thread or wait for one, and the choice of the one that makes way for
 * another: its thread is interrupted, which closes its channel ({@link
 * java.nio.channels.InterruptibleChannel}).
 *
 * <p>A request that has not arrived makes way first, the oldest of them. One that is answered makes
 * way only if its peer has at least {@link #SHARE} of them, or all are answered: then the oldest of
 * the peer with the most. So slow readers of one user do not end the answer to another one.
 */
final class RunningExchanges {

  /** The answers that one peer may have at the same time while all threads are busy. */
  private static final int SHARE = ExchangeWorkers.MOST / 2;

  private final Deque<Exchange> running = new ArrayDeque<>();
  private final Runnable givenUp;
  // True while a thread looks up peers.
  private boolean looksUp;

  /**
   * Begins without exchanges.
   *
   * @param givenUp runs each time an exchange makes way for another; it must not wait
   */
  RunningExchanges(Runnable givenUp) {
    this.givenUp = givenUp;
  }

  /** Adds an exchange; if there are too many, another one makes way. */
  synchronized void begin(Exchange exchange) {
    if (running.size() >= ExchangeWorkers.MOST) {
      Exchange loser = loser();
      running.remove(loser);
      loser.giveUp();
      givenUp.run();
    }
    running.add(exchange);
  }

  /** Each list is in the order of arrival, so the first is the oldest. */
  private Exchange loser() {
    Map<Object, List<Exchange>> answered =
        running.stream()
            .filter(one -> one.peer != null)
            .collect(
                Collectors.groupingBy(
                    one -> Objects.requireNonNull(one.peer),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<Exchange> largest =
        answered.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    Optional<Exchange> unread = running.stream().filter(one -> one.peer == null).findFirst();
    return largest.size() >= SHARE || unread.isEmpty() ? largest.get(0) : unread.get();
  }

  /** Removes an exchange that has ended. */
  synchronized void end(Exchange exchange) {
    running.remove(exchange);
  }

  /**
   * Notes that the request of the calling thread has arrived.
   *
   * @param address the address of the client, by which answers are counted at first
   * @param peer finds the user or the address by which they are counted later; may take long
   */
  void answers(Object address, Supplier<Object> peer) {
    synchronized (this) {
      running.stream()
          .filter(Exchange::isOfThisThread)
          .forEach(
              one -> {
                one.peer = address;
                one.lookUp = peer;
              });
      if (looksUp || running.size() < SHARE) {
        return;
      }
      looksUp = true;
    }
    if (!DaemonThreads.start("portcurfew-web-peers", this::lookUpPeers)) {
      endLookUp();
    }
  }

  /** Never under the lock: a slow table of the kernel must not hold up an answer. */
  private void lookUpPeers() {
    Exchange next = nextUnknown();
    try {
      while (next != null) {
        next.findPeer();
        next = nextUnknown();
      }
    } finally {
      if (next != null) {
        endLookUp();
      }
    }
  }

  private synchronized @Nullable Exchange nextUnknown() {
    Exchange next = running.stream().filter(one -> one.lookUp != null).findFirst().orElse(null);
    looksUp = next != null;
    return next;
  }

  private synchronized void endLookUp() {
    looksUp = false;
  }

  /** One exchange: its thread, and the peer that it answers. */
  static final class Exchange {

    private @Nullable Thread thread;
    private boolean tooLate;

    /** Set once its request has arrived. */
    private volatile @Nullable Object peer;

    /** Finds the peer, until that is known. */
    private volatile @Nullable Supplier<Object> lookUp;

    private void findPeer() {
      Supplier<Object> asked = lookUp;
      lookUp = null;
      if (asked != null) {
        peer = asked.get();
      }
    }

    /** Notes that the calling thread runs it. */
    synchronized void starts() {
      thread = Thread.currentThread();
      if (tooLate) {
        thread.interrupt();
      }
    }

    private synchronized boolean isOfThisThread() {
      return thread == Thread.currentThread();
    }

    /** Notes that the calling thread no longer runs it. */
    synchronized void ends() {
      thread = null;
      // An interrupt after the last byte must not reach the next exchange.
      Thread.interrupted();
    }

    /** Interrupts its thread, now or when it starts. */
    synchronized void giveUp() {
      tooLate = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
