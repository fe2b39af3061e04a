package io.portcurfew.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class InventoryLinesTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private static List<JsonNode> lines(List<Listener> listeners, boolean complete) {
    Snapshot snapshot = PlainSnapshots.of(NOW, complete, listeners);
    Policy policy = new Policy(true, List.of());
    byte[] text =
        InventoryLines.of(
            new JudgedSnapshot(snapshot, Judge.judge(policy, snapshot, CrossCheck.NONE)));
    assertThat(text.length).isLessThan(InventoryLines.MOST_BYTES + 1000);
    ObjectMapper json = new ObjectMapper();
    return new String(text, StandardCharsets.UTF_8).lines().map(json::readTree).toList();
  }

  private static Listener listener(int port, String name) {
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    Owner owner = new Owner(1, HostText.of(name), HostText.of("/x/" + name), null, 33L);
    return new Listener(endpoint, null, List.of(owner), "ss");
  }

  @Test
  void listenerIsOneLineAndTheLastLineCounts() {
    List<JsonNode> lines = lines(List.of(listener(80, "a\nb"), listener(443, "c")), false);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).get("event.dataset").asString()).isEqualTo("portcurfew.listener");
    assertThat(lines.get(0).get("host.name").asString()).isEqualTo("web-1");
    JsonNode first = lines.get(0).get("portcurfew.listener");
    assertThat(first.get("port").asInt()).isEqualTo(80);
    assertThat(first.get("verdict").asString()).isEqualTo("unlisted");
    assertThat(first.at("/owners/0/name").asString()).isEqualTo("a\\x0ab");
    JsonNode end = lines.get(2).get("portcurfew.inventory");
    assertThat(end.get("listeners").asInt()).isEqualTo(2);
    assertThat(end.get("left_out").asInt()).isZero();
    assertThat(end.get("complete").asBoolean()).isFalse();
  }

  @Test
  void listenersBeyondTheBoundAreCounted() {
    List<Listener> many =
        IntStream.rangeClosed(1, 20_000).mapToObj(port -> listener(port, "server")).toList();
    List<JsonNode> lines = lines(many, true);
    JsonNode end = lines.get(lines.size() - 1).get("portcurfew.inventory");
    assertThat(end.get("listeners").asInt()).isEqualTo(lines.size() - 1).isGreaterThan(1000);
    assertThat(end.get("left_out").asInt()).isEqualTo(20_000 - lines.size() + 1).isPositive();
  }
}
