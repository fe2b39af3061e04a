package io.portcurfew.scan;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** A source that shows what the test says. */
final class FakeSource implements ListenerSource {
  private final String name;
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore ended = new Semaphore(0);
  private volatile CountDownLatch hold = new CountDownLatch(0);
  private volatile View view;

  FakeSource(String name) {
    this.name = name;
    shows();
  }

  void shows(int... ports) {
    List<Listener> listeners = new ArrayList<>();
    for (int port : ports) {
      Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
      listeners.add(new Listener(endpoint, null, List.of(), name));
    }
    view = new View(name, true, listeners, List.of());
  }

  void isBlind() {
    view = new View(name, false, List.of(), List.of(new Gap(name, Gap.What.LISTENERS, "x")));
  }

  @Override
  public String name() {
    return name;
  }

  /** Looks end only when it goes on. */
  void hangs() {
    hold = new CountDownLatch(1);
  }

  void goesOn() {
    hold.countDown();
  }

  /** Waits until so many more looks have begun. */
  void awaitBegun(int looks) throws InterruptedException {
    begun.acquire(looks);
  }

  /** Waits until so many more looks have seen what they report. */
  void awaitEnded(int looks) throws InterruptedException {
    ended.acquire(looks);
  }

  @Override
  public View look() throws InterruptedException {
    begun.release();
    hold.await();
    View seen = view;
    ended.release();
    return seen;
  }
}
