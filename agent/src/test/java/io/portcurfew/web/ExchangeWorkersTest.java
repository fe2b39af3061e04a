package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Peer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges beyond the number of threads. The time limit shows that none of them hangs. */
@Timeout(30)
class ExchangeWorkersTest {

  private static final String ADDRESS = "127.0.0.1";

  private final ExchangeWorkers workers = new ExchangeWorkers(Duration.ofMinutes(5), () -> {});
  private final CountDownLatch end = new CountDownLatch(1);
  private final Queue<String> givenUp = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    end.countDown();
    workers.close();
  }

  /** An answer that its client does not read. */
  private void slow(String name, Supplier<Object> peer) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    workers.execute(
        () -> {
          workers.answers(ADDRESS, peer);
          begun.countDown();
          try {
            end.await();
          } catch (InterruptedException cut) {
            givenUp.add(name);
          }
        });
    begun.await();
  }

  private void another() throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    workers.execute(answered::countDown);
    answered.await();
  }

  @Test
  void lookUpThatHangs_delaysNoAnswer() throws Exception {
    for (int i = 0; i < ExchangeWorkers.MOST; i++) {
      slow(
          "slow-" + i,
          () -> {
            try {
              end.await();
            } catch (InterruptedException never) {
              Thread.currentThread().interrupt();
            }
            return "mallory";
          });
    }
    another();
    assertThat(givenUp).containsExactly("slow-0");
  }

  @Test
  void slowReadersOfOneUser_makeWayBeforeThoseOfAnother() throws Exception {
    slow("alice", () -> "alice");
    for (int i = 1; i < ExchangeWorkers.MOST; i++) {
      slow("mallory-" + i, () -> "mallory");
    }
    Peer.until("all users are known", ExchangeWorkersTest::looksUpNoUser);
    another();
    assertThat(givenUp).containsExactly("mallory-1");
  }

  private static boolean looksUpNoUser() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("portcurfew-web-peers"));
  }
}
