package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.LogNotifier;
import io.portcurfew.notify.receivers.Notifiers;
import io.portcurfew.notify.receivers.WebhookSettings;
import io.portcurfew.scan.SampleConfigs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatNotifierTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  /** The first request waits for its answer. */
  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (asked.getCount() > 0) {
        asked.countDown();
        answer.await();
      }
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write(new byte[] {'o', 'k'});
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private static ReceiverFactory factory() {
    InstantSource clock = InstantSource.fixed(NOON);
    return new ReceiverFactory(
        new LogNotifier(),
        new Notifiers("1", clock, List::of),
        new Notifiers("1", clock, List::of));
  }

  @Test
  void receiverIsBusyWithANotification_heartbeatIsDelivered() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    AgentConfig config =
        SampleConfigs.with(
            new Heartbeat("ops", Duration.ofMinutes(1)),
            List.of(
                new Receiver(
                    "ops",
                    ReceiverFilter.ALL,
                    new WebhookSettings(url, null, Duration.ofSeconds(30)))));
    ReceiverFactory factory = factory();
    Notification one = NotificationFactory.test("ops", "web-1", NOON);
    try (HeartbeatNotifier heartbeat = new HeartbeatNotifier(factory, config)) {
      Notifier queue = Objects.requireNonNull(factory.of(config).get("ops")).notifier();
      FutureTask<Delivery> busy = new FutureTask<>(() -> queue.deliver(one));
      new Thread(busy, "queue").start();
      asked.await();
      assertThat(queue.deliver(one)).as("one attempt at a time").isInstanceOf(Delivery.Retry.class);
      assertThat(heartbeat.of("ops").deliver(one)).isInstanceOf(Delivery.Delivered.class);
      answer.countDown();
      assertThat(busy.get()).isInstanceOf(Delivery.Delivered.class);
    } finally {
      answer.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void heartbeatThatLeftTheConfig_hasNoNotifier() {
    try (HeartbeatNotifier heartbeat = new HeartbeatNotifier(factory(), SampleConfigs.CONFIG)) {
      assertThat(heartbeat.of("ops")).isNull();
    }
  }
}
