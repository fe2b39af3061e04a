package io.portcurfew.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Protocol;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerJsonTest {

  private static final Owner SSHD =
      new Owner(
          7,
          HostText.of("sshd"),
          HostText.of("/usr/sbin/sshd"),
          HostText.of("root"),
          0L,
          OwnerDetails.builder()
              .startedAt(Instant.parse("2026-11-23T12:00:00.123456Z"))
              .firstArgument(HostText.of("-D"))
              .deleted(false)
              .elsewhere(true)
              .unit(HostText.of("ssh.service"))
              .packageName(HostText.of("openssh-server"))
              .ancestors(
                  List.of(
                      new OwnerDetails.Ancestor(1, HostText.of("systemd")),
                      new OwnerDetails.Ancestor(0, null)))
              .build());

  private static JsonTree again(Object tree) {
    return JsonTree.of(Json.compact(tree));
  }

  @Test
  void outputHasTheKeysOfSchemaOne() {
    assertThat(Json.compact(OwnerJson.tree(SSHD)))
        .isEqualTo(
            "{\"pid\":7,\"name\":\"sshd\",\"executable\":\"/usr/sbin/sshd\",\"user\":\"root\","
                + "\"uid\":0,\"started_at\":\"2026-11-23T12:00:00.123Z\","
                + "\"parent\":{\"pid\":1,\"name\":\"systemd\"},\"unit\":\"ssh.service\","
                + "\"package\":\"openssh-server\",\"deleted\":false,\"elsewhere\":true}");
  }

  @Test
  void theCompleteFormLosesNothing() {
    assertThat(OwnerJson.of(again(OwnerJson.complete(SSHD)))).isEqualTo(SSHD);
    assertThat(OwnerJson.of(again(OwnerJson.complete(Owner.of(8))))).isEqualTo(Owner.of(8));
  }

  @Test
  void databaseFormOfTheFirstRelease_isRead() {
    String before =
        "{\"pid\":7,\"name\":\"sshd\",\"executable\":\"/usr/sbin/sshd\",\"user\":\"root\","
            + "\"uid\":0,\"details\":{\"started\":\"2026-11-23T12:00:00.123456Z\","
            + "\"argument\":\"-D\",\"deleted\":false,\"elsewhere\":true,"
            + "\"unit\":\"ssh.service\",\"package\":\"openssh-server\","
            + "\"ancestors\":[{\"pid\":1,\"name\":\"systemd\"},{\"pid\":0}]}}";
    assertThat(OwnerJson.of(JsonTree.of(before))).isEqualTo(SSHD);
    assertThat(OwnerJson.of(JsonTree.of("{\"pid\":8}"))).isEqualTo(Owner.of(8));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0,,false",
    "::,,false",
    "fe80::1,eth0,false",
    "fe80::1ff:fe,,true",
    "127.0.0.53,x...,false"
  })
  void anEndpointSurvivesTheDatabase(String host, String zone, boolean cut) {
    Endpoint endpoint = new Endpoint(Protocol.UDP, new Address(host, zone, cut), 53, "pod-1");
    assertThat(EndpointJson.of(again(EndpointJson.complete(endpoint)))).isEqualTo(endpoint);
  }

  @Test
  void endpointFormOfTheFirstRelease_isRead() {
    String before =
        "{\"protocol\":\"TCP\",\"host\":\"fe80::1\",\"zone\":\"lo\",\"port\":611,"
            + "\"namespace\":\"host\"}";
    assertThat(EndpointJson.of(JsonTree.of(before)))
        .isEqualTo(new Endpoint(Protocol.TCP, new Address("fe80::1", "lo", false), 611));
  }
}
