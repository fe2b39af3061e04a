package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Reason;
import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatSenderTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Heartbeat MINUTE = new Heartbeat("ops", Duration.ofMinutes(1));

  private final BlockingQueue<Notification> reported = new LinkedBlockingQueue<>();
  private final BlockingQueue<Delivery> outcomes = new LinkedBlockingQueue<>();
  private Notifier notifier =
      notification -> {
        reported.add(notification);
        return new Delivery.Delivered();
      };
  private final HeartbeatSender heart =
      new HeartbeatSender(
          name -> name.equals("ops") ? notifier : null, outcomes::add, Threads.SYSTEM);

  private void scan(int second, Heartbeat wanted) {
    Snapshot snapshot = PlainSnapshots.of(NOON.plusSeconds(second), false, List.of());
    heart.scanned(snapshot, wanted, Duration.ofSeconds(second), "0123456789ab", "7:ab");
  }

  private boolean beats() throws InterruptedException {
    // A beat that is due is on its way when this begins.
    return outcomes.poll(500, TimeUnit.MILLISECONDS) != null;
  }

  @Test
  void heartbeatsKeepTheirPaceBesideLateScans() throws Exception {
    scan(0, MINUTE);
    assertThat(outcomes.take()).isEqualTo(new Delivery.Delivered());
    scan(59, MINUTE);
    assertThat(beats()).isFalse();
    for (int second : List.of(61, 120, 189, 240)) {
      scan(second, MINUTE);
      outcomes.take();
    }
    assertThat(reported).extracting(one -> one.id()).doesNotHaveDuplicates().hasSize(5);
  }

  @Test
  void heartbeatIsAFiringAlertWithTheHead() throws Exception {
    scan(0, MINUTE);
    Notification one = reported.take();

    assertThat(one.reason()).isEqualTo(Reason.REPEATED);
    assertThat(one.alert().finding().kind()).isEqualTo(AgentCondition.HEARTBEAT);
    assertThat(one.alert().finding().message())
        .isEqualTo("Portcurfew is running: 0 listeners, but not everything could be seen");
    assertThat(one.alert().endsAt()).isNull();
    assertThat(one.head()).isEqualTo("7:ab");
  }

  @Test
  void withoutHeartbeatOrReceiver_nothingIsSent() throws Exception {
    scan(0, null);
    scan(70, new Heartbeat("gone", Duration.ofMinutes(1)));
    assertThat(beats()).isFalse();
  }

  @Test
  void heartbeatDuringAReload_isSentAfterTheNextScan() throws Exception {
    Notifier next = notifier;
    notifier = null;
    scan(0, MINUTE);
    notifier = next;
    scan(10, MINUTE);
    assertThat(outcomes.take()).isEqualTo(new Delivery.Delivered());
  }

  @Test
  void shorterInterval_countsAtOnce() throws Exception {
    scan(0, new Heartbeat("ops", Duration.ofHours(24)));
    outcomes.take();
    scan(10, MINUTE);
    outcomes.take();
    scan(30, MINUTE);
    assertThat(beats()).isFalse();
    scan(70, MINUTE);
    outcomes.take();
  }

  @Test
  void hangingReceiver_skipsHeartbeatsOnly() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    notifier =
        notification -> {
          reported.add(notification);
          free.await();
          return new Delivery.Delivered();
        };
    scan(0, MINUTE);
    reported.take();
    scan(60, MINUTE);
    scan(120, MINUTE);
    free.countDown();
    outcomes.take();
    assertThat(beats()).isFalse();
    assertThat(reported).isEmpty();
  }

  @Test
  void bugIsAFailedHeartbeatAndTheNextIsTried() throws Exception {
    notifier =
        notification -> {
          throw new IllegalStateException("bug");
        };
    scan(0, MINUTE);
    assertThat(outcomes.take()).isInstanceOf(Delivery.Refused.class);
    scan(60, MINUTE);
    assertThat(outcomes.take()).isInstanceOf(Delivery.Refused.class);
  }

  @Test
  void errorIsAFailedHeartbeatAndTheNextIsTried() throws Exception {
    notifier =
        notification -> {
          throw new StackOverflowError();
        };
    scan(0, MINUTE);
    assertThat(outcomes.take()).isInstanceOf(Delivery.Refused.class);
    scan(60, MINUTE);
    assertThat(outcomes.take()).isInstanceOf(Delivery.Refused.class);
  }
}
