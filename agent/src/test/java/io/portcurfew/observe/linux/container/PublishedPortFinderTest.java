package io.portcurfew.observe.linux.container;

import static io.portcurfew.observe.linux.container.EngineFolders.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published ports in files of the form that the engines write. */
@EnabledOnOs(OS.LINUX)
class PublishedPortFinderTest {

  private static final String BOTH =
      "\"Ports\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},"
          + "{\"HostIp\":\"::\",\"HostPort\":\"8080\"}],\"443/tcp\":null}";

  @TempDir private Path root;
  private PublishedPortFinder ports;

  @BeforeEach
  void create() {
    ports = new PublishedPortFinder("sock_diag", new ProcFs(root));
  }

  private EngineFolders files() {
    return new EngineFolders(root);
  }

  private List<String> look(boolean changed) {
    return ports.look(changed).stream().map(Listener::place).toList();
  }

  private void runningWith(String ports) throws IOException {
    files()
        .docker("var/lib/docker", "/web-1", ports)
        .process(4711, "/system.slice/docker-" + ID + ".scope");
  }

  @Test
  void dockerPublishesAPortOfARunningContainer() throws IOException {
    runningWith(BOTH);
    assertThat(look(true))
        .containsExactly(
            "tcp 0.0.0.0:8080 via docker web-1 -> 172.17.0.2:80",
            "tcp [::]:8080 via docker web-1 -> 172.17.0.2:80");
    Listener port = ports.look(false).get(0);
    assertThat(port.owners()).isEmpty();
    assertThat(port.hasSocket()).isFalse();
    assertThat(String.valueOf(port.via().container()))
        .isEqualTo("web-1 (image nginx:1.27, project shop, service web)");
    assertThat(ports.gaps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Ports\":{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}",
        "\"Ports\":{\"80\":[{\"HostPort\":\"8080\"}]}",
      })
  void emptyAddressIsEveryAddress(String published) throws IOException {
    runningWith(published);
    assertThat(look(true)).containsExactly("tcp 0.0.0.0:8080 via docker web-1 -> 172.17.0.2:80");
  }

  @ParameterizedTest
  @CsvSource({
    "80/sctp, 0.0.0.0, 8080",
    "80/tcp, 0.0.0.0, 0",
    "80/tcp, 0.0.0.0, 65536",
    "80/tcp, 0.0.0.0, 08080",
    "80/tcp, 0.0.0.0, x",
    "80/tcp, not an address, 8080",
  })
  void malformedPort_isNotPublished(String inside, String address, String port) throws IOException {
    runningWith(
        "\"Ports\":{\"%s\":[{\"HostIp\":\"%s\",\"HostPort\":\"%s\"}]}"
            .formatted(inside, address, port));
    assertThat(look(true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Ports\":7", "\"Ports\":{\"80/tcp\":{}}", "\"Ports\":{\"80/tcp\":[7]}"})
  void oddFormsGiveNoPort(String published) throws IOException {
    runningWith(published);
    assertThat(look(true)).isEmpty();
  }

  @Test
  void containerWithoutItsProcessPublishesNothing() throws IOException {
    files().docker("var/lib/docker", "/web-1", BOTH);
    assertThat(look(true)).isEmpty();
    files().process(4711, "/system.slice/docker-" + "0".repeat(64) + ".scope");
    assertThat(look(true)).isEmpty();
  }

  @Test
  void stoppedContainerPublishesNothing() throws IOException {
    runningWith(BOTH);
    assertThat(look(true)).hasSize(2);
    Path config = root.resolve("var/lib/docker/containers/" + ID + "/config.v2.json");
    String stopped = Files.readString(config).replace("\"Running\":true", "\"Running\":false");
    Files.delete(config);
    Files.writeString(config, stopped);
    assertThat(look(true)).isEmpty();
  }

  @Test
  void unchangedFilesGiveTheSameList() throws IOException {
    runningWith(BOTH);
    List<Listener> first = ports.look(true);
    for (int i = 0; i < 20; i++) {
      assertThat(ports.look(i % 5 == 0)).isSameAs(first);
    }
  }

  @Test
  void changeIsSeenWithoutASignWithinTwelveLooks() throws IOException {
    look(true);
    look(false);
    look(false);
    look(false);
    runningWith(BOTH);
    assertThat(look(false)).isEmpty();
    for (int i = 0; i < 12; i++) {
      look(false);
    }
    assertThat(look(false)).hasSize(2);
  }

  @Test
  void damagedFileIsAGapThatHidesNoSocket() throws IOException {
    files().file("var/lib/docker/containers/" + ID + "/config.v2.json", "{");
    assertThat(look(true)).isEmpty();
    assertThat(ports.gaps()).hasSize(1);
    assertThat(ports.gaps().get(0).why()).contains("published ports of containers cannot be read");
    assertThat(ports.gaps().get(0).hidesListeners()).isFalse();
  }

  @Test
  void netavarkPublishesARange() throws IOException {
    files()
        .file(
            "run/containers/networks/firewall/ports/net_" + ID,
            "{\"container_id\":\""
                + ID
                + "\",\"port_mappings\":[{\"container_port\":80,\"host_ip\":\"\","
                + "\"host_port\":8080,\"protocol\":\"tcp\",\"range\":2}],\"network_name\":\"podman\","
                + "\"container_ip_v4\":\"10.88.0.2\",\"container_ip_v6\":null}")
        .file(
            "var/lib/containers/storage/overlay-containers/containers.json",
            "[{\"id\":\"" + ID + "\",\"names\":[\"web\"]}]");
    assertThat(look(true))
        .containsExactly(
            "tcp 0.0.0.0:8080 via podman web -> 10.88.0.2:80",
            "tcp 0.0.0.0:8081 via podman web -> 10.88.0.2:81");
  }

  @Test
  void manyRangesAreBoundedAndNamed() throws IOException {
    String range = "{\"container_port\":1,\"host_port\":1,\"protocol\":\"tcp\",\"range\":1024}";
    files()
        .file(
            "run/containers/networks/firewall/ports/net_" + ID,
            "{\"container_id\":\""
                + ID
                + "\",\"port_mappings\":["
                + String.join(",", Collections.nCopies(20_000, range))
                + "]}");
    assertThat(ports.look(true)).hasSize(NetworkFiles.MOST_PORTS);
    assertThat(ports.gaps()).hasSize(1);
  }

  @Test
  void cniPublishesAPortOfAPod() throws IOException {
    String result =
        "{\"kind\":\"cniCacheV1\",\"containerId\":\""
            + ID
            + "\",\"ifName\":\"eth0\",\"capabilityArgs\":{\"portMappings\":[{\"hostPort\":8080,"
            + "\"containerPort\":80,\"protocol\":\"UDP\",\"hostIP\":\"\"}]},\"result\":{\"ips\":"
            + "[{\"address\":\"10.4.0.2/16\"},{\"address\":\"fd00::2/64\"}]}}";
    files().file("var/lib/cni/results/k8s-" + ID + "-eth0", result);
    assertThat(look(true)).isEmpty();
    files()
        .containerd(
            "k8s.io",
            "\"io.kubernetes.cri.sandbox-name\":\"dns-0\","
                + "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\"");
    assertThat(look(true))
        .containsExactly(
            "udp 0.0.0.0:8080 via cni kube-system/dns-0 -> 10.4.0.2:80",
            "udp [::]:8080 via cni kube-system/dns-0 -> [fd00::2]:80");
  }
}
